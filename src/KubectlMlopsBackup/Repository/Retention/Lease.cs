namespace KubectlMlopsBackup.Repository.Retention;

/// <summary>A prune is at work. Renewed by another one that ends later, as long as it is.</summary>
/// <param name="Host">Where.</param>
/// <param name="Nonce">Of one prune: the same in all its leases.</param>
/// <param name="Expires">Without effect from then on, by the clock of its host; also the time in its key.</param>
/// <param name="Process">Who; null where the system does not tell.</param>
internal sealed record Lease(string Host, string Nonce, DateTimeOffset Expires, LeaseProcess? Process = null)
{
    public const string Prefix = "leases/";
    public const int MaxSize = 64 << 10;

    /// <summary>How long one lasts. Longer than a store that is out of breath keeps a renewal waiting.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromMinutes(3);

    /// <summary>How much the clocks of two hosts may differ.</summary>
    private static readonly TimeSpan ClockDifference = TimeSpan.FromHours(12);

    /// <summary>Whose process can be looked for from here, and whose clock is ours.</summary>
    public bool IsOfThisMachine(string host, LeaseProcess? process) => Host == host && Process?.SharesNumbersWith(process) == true;

    /// <summary>Whether it has surely ended. Of another host's, only waiting tells: its clock may be another.</summary>
    public static bool HasEnded(Lease? lease, DateTimeOffset expires, DateTimeOffset now, bool ofThisMachine) =>
        ofThisMachine ? expires <= now || !lease!.Process!.IsAlive() : expires + ClockDifference <= now;
}
