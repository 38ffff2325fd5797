namespace KubectlMlopsBackup.Repository.Storage;

/// <param name="NoOverwrite">The <c>If-None-Match: *</c> header.</param>
/// <param name="Checksum">The <c>x-amz-checksum-sha256</c> header.</param>
internal sealed record S3PutFeatures(bool NoOverwrite, bool Checksum)
{
    /// <summary>What is tried when the store refuses this, the safest first.</summary>
    public IEnumerable<S3PutFeatures> Weaker()
    {
        if (NoOverwrite && Checksum)
        {
            yield return this with { Checksum = false };
            yield return this with { NoOverwrite = false };
        }

        if (NoOverwrite || Checksum)
        {
            yield return new S3PutFeatures(false, false);
        }
    }
}
