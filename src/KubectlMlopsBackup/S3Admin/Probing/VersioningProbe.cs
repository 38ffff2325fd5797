namespace KubectlMlopsBackup.S3Admin.Probing;

/// <summary>What is overwritten and deleted can be had back.</summary>
internal sealed class VersioningProbe : IStoreProbe
{
    public string Ability => "versioning";

    public bool Required => false;

    public string Without => "what is deleted or overwritten is gone: s3 setup switches it on where the store has it; a second repository elsewhere is the other way";

    public async Task<ProbeResult> RunAsync(ProbeScope scope, CancellationToken cancellationToken)
    {
        await scope.PutPlainAsync("version", [1], cancellationToken);
        await scope.PutPlainAsync("version", [2], cancellationToken);
        await scope.Client.SendAsync((s3, token) => s3.DeleteObjectAsync(scope.Client.Bucket, scope.Key("version"), token), cancellationToken);
        List<(string Key, string Version)> versions = [];
        var refusal = await ProbeScope.RefusalAsync(async () => versions = await scope.VersionsAsync(scope.Key("version"), cancellationToken));
        if (refusal is not null)
        {
            return new ProbeResult(BucketClient.IsUnsupported(refusal) ? false : null, $"versions cannot be listed: {ProbeScope.Line(refusal)}");
        }

        var kept = versions.Count(v => v.Version != "null");
        return new ProbeResult(kept >= 3, $"written twice and deleted: {(kept >= 3 ? "both versions are kept" : $"{Math.Max(0, kept - 1)} of 2 versions kept")}");
    }
}
