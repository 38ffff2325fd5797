namespace KubectlMlopsBackup.Diagnostics.Inside;

/// <summary>What an account may do in an S3 store, and what the store does.</summary>
/// <param name="Lacking">Rights that a backup cannot be without, such as <c>s3:PutObject</c>.</param>
/// <param name="MayDelete">Only prune needs to.</param>
/// <param name="Kept">Object Lock keeps what is to be deleted.</param>
/// <param name="Checksums">What it makes of a wrong one, in words.</param>
internal sealed record StoreTrialResult(IReadOnlyList<string> Lacking, bool MayDelete, bool Kept, string Checksums)
{
    /// <summary>Of uploads in parts; null where it was not tried, since nothing can be written.</summary>
    public UploadTrialResult? Upload { get; init; }

    /// <summary>What was read is not what was written.</summary>
    public bool IsOther { get; init; }

    /// <summary>What was written was not in the list thereafter.</summary>
    public bool IsUnlisted { get; init; }
}
