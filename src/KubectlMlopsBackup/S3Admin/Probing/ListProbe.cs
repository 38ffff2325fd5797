using System.Globalization;

namespace KubectlMlopsBackup.S3Admin.Probing;

/// <summary>A list shows at once what was written and deleted a moment ago, in order, over several pages.</summary>
internal sealed class ListProbe : IStoreProbe
{
    private const int Count = 24;
    private const int Page = 7;

    public string Ability => "consistent lists";

    public bool Required => true;

    public string Without => "a backup could miss the one before it, and prune could see too little: no repository can lie there";

    public async Task<ProbeResult> RunAsync(ProbeScope scope, CancellationToken cancellationToken)
    {
        string[] names = [.. Enumerable.Range(0, Count).Select(i => $"list/{i.ToString("x2", CultureInfo.InvariantCulture)}")];
        await Parallel.ForEachAsync(names, cancellationToken, async (name, token) => await scope.PutPlainAsync(name, [1], token));
        var below = scope.Key("list/");
        var keys = await scope.KeysAsync(cancellationToken, Page, below);
        string[] written = [.. names.Select(scope.Key)];
        if (!keys.Order(StringComparer.Ordinal).SequenceEqual(written))
        {
            return new ProbeResult(false, $"{Count} objects written, {keys.Distinct().Count()} of them listed (in pages of {Page})");
        }

        if (!keys.SequenceEqual(written))
        {
            return new ProbeResult(false, $"{Count} objects are listed in another order than that of their keys");
        }

        await Parallel.ForEachAsync(
            written, cancellationToken, async (key, token) => await scope.Client.SendAsync((s3, t) => s3.DeleteObjectAsync(scope.Client.Bucket, key, t), token));
        var left = await scope.KeysAsync(cancellationToken, below: below);
        return left.Count == 0
            ? new ProbeResult(true, $"{Count} objects written at once, listed in order in pages of {Page}; deleted, and gone from the list")
            : new ProbeResult(false, $"{left.Count} of {Count} deleted objects are still listed");
    }
}
