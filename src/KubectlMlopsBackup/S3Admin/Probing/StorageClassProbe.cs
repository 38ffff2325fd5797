namespace KubectlMlopsBackup.S3Admin.Probing;

/// <summary>The storage class that the plan names.</summary>
internal sealed class StorageClassProbe : IStoreProbe
{
    public string Ability => "storage class";

    public bool Required => false;

    public string Without => "take storageClass out of the plan: objects get the store's default";

    public async Task<ProbeResult> RunAsync(ProbeScope scope, CancellationToken cancellationToken)
    {
        var wanted = scope.Client.Wish.StorageClass;
        if (await ProbeScope.RefusalAsync(() => scope.PutPlainAsync("class", [1], cancellationToken)) is { } refused)
        {
            return new ProbeResult(false, $"an object of class {wanted ?? "STANDARD"} is refused: {ProbeScope.Line(refused)}: backups will be, too");
        }

        // The standard class is not named in answers.
        var found = (await scope.HeadAsync("class", checksum: false, cancellationToken))?.StorageClass?.Value ?? "STANDARD";
        return new ProbeResult(wanted is null || wanted == found, $"a new object has class {found}");
    }
}
