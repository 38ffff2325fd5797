using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.S3Admin.Probing;

/// <summary>What the store says of an object that was written as the plan wants it.</summary>
internal sealed class EncryptionProbe : IStoreProbe
{
    public string Ability => "encryption at rest";

    public bool Required => false;

    public string Without => "the plan's own encryption (spec.encryption) protects the backups whatever the store does";

    public async Task<ProbeResult> RunAsync(ProbeScope scope, CancellationToken cancellationToken)
    {
        var wanted = scope.Client.Wish.Encryption;
        if (await ProbeScope.RefusalAsync(() => scope.PutPlainAsync("encrypted", [1], cancellationToken)) is { } refused)
        {
            return new ProbeResult(false, $"an object with serverSideEncryption {wanted} is refused: {ProbeScope.Line(refused)}: backups will be, too");
        }

        var method = (await scope.HeadAsync("encrypted", checksum: false, cancellationToken))?.ServerSideEncryptionMethod?.Value;
        var has = !string.IsNullOrEmpty(method);
        return has || wanted == S3ServerSideEncryption.None
            ? new ProbeResult(has, has ? $"a new object is encrypted with {method}" : "a new object is not encrypted by the store, or it does not say so")
            : new ProbeResult(false, $"serverSideEncryption {wanted} was accepted, but the object is not said to be encrypted");
    }
}
