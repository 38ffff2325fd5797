namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>What a store turned out to understand. Learnt from its answers; starts with the best.</summary>
/// <param name="isAws">AWS itself has all of it, so nothing is double-checked.</param>
internal sealed class S3Capabilities(bool isAws)
{
    private volatile S3PutFeatures _features = new(NoOverwrite: true, Checksum: true);
    private volatile bool _refusesOverwrites = isAws;

    public S3PutFeatures Features => _features;

    /// <summary>
    /// Whether a write looks first if its key is taken. Some stores ignore <c>If-None-Match</c> without a word,
    /// so this ends only when one was seen to honour it.
    /// </summary>
    public bool LooksFirst => !_refusesOverwrites || !_features.NoOverwrite;

    public void Remember(S3PutFeatures features) => _features = features;

    public void SawOverwriteRefused() => _refusesOverwrites = true;
}
