namespace KubectlMlopsBackup.S3Admin.Probing;

/// <summary>The store's clock against this machine's: signatures fail at 15 minutes, leases and retention suffer before.</summary>
internal sealed class ClockProbe(TimeProvider clock) : IStoreProbe
{
    private static readonly TimeSpan Bearable = TimeSpan.FromMinutes(2);

    public string Ability => "clock";

    public bool Required => false;

    public string Without => "set the clocks (NTP): from 15 minutes on every request is refused, and times in lists mislead";

    public async Task<ProbeResult> RunAsync(ProbeScope scope, CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow();
        await scope.PutPlainAsync("clock", [1], cancellationToken);
        var middle = before + ((clock.GetUtcNow() - before) / 2);
        var there = (await scope.HeadAsync("clock", checksum: false, cancellationToken))?.LastModified;
        if (there is not { } time)
        {
            return new ProbeResult(null, "the store gives no time");
        }

        var skew = new DateTimeOffset(time.ToUniversalTime()) - middle;
        return new ProbeResult(
            skew.Duration() <= Bearable,
            skew.Duration() < TimeSpan.FromSeconds(2)
                ? "no difference that could be measured (to the second)"
                : $"the store is {Math.Round(skew.Duration().TotalSeconds)} s {(skew > TimeSpan.Zero ? "ahead" : "behind")}");
    }
}
