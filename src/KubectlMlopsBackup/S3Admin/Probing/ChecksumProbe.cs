using System.Security.Cryptography;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.S3Admin.Probing;

/// <summary>The store checks on arrival that an object has the SHA-256 that was announced.</summary>
internal sealed class ChecksumProbe : IStoreProbe
{
    private static readonly S3PutFeatures Feature = new(NoOverwrite: false, Checksum: true);

    public string Ability => "checksums";

    public bool Required => false;

    public string Without =>
        "each request is signed with the hash of its body, which the store checks; and every byte is checked against its own hash when it is read";

    public async Task<ProbeResult> RunAsync(ProbeScope scope, CancellationToken cancellationToken)
    {
        byte[] content = [1, 2, 3];
        var sum = SHA256.HashData(content);
        if (await ProbeScope.RefusalAsync(() => scope.PutAsync("sum", content, sum, Feature, cancellationToken)) is { } refused)
        {
            return new ProbeResult(false, $"x-amz-checksum-sha256 is not understood: {ProbeScope.Line(refused)}");
        }

        var kept = (await scope.HeadAsync("sum", checksum: true, cancellationToken))?.ChecksumSHA256;
        var wrong = SHA256.HashData([4]);
        return await ProbeScope.RefusalAsync(() => scope.PutAsync("wrong-sum", content, wrong, Feature, cancellationToken)) is { } caught
            ? new ProbeResult(true, $"a wrong SHA-256: {ProbeScope.Line(caught)}; a right one is {(kept == Convert.ToBase64String(sum) ? "kept with the object" : "checked, but not kept")}")
            : new ProbeResult(false, "an object with a wrong SHA-256 was accepted");
    }
}
