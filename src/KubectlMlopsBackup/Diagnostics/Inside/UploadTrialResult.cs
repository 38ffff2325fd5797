namespace KubectlMlopsBackup.Diagnostics.Inside;

/// <param name="MayAbort">Null where no upload could be begun.</param>
internal sealed record UploadTrialResult(bool? MayAbort)
{
    /// <summary>The upload that was begun and could not be given up, as words; null where nothing is left.</summary>
    public string? Left { get; init; }
}
