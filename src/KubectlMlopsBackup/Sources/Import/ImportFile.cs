namespace KubectlMlopsBackup.Sources.Import;

/// <summary>A file of earlier backups.</summary>
/// <param name="Size">In bytes, as it lies there.</param>
/// <param name="Time">When the backup was made.</param>
/// <param name="TimeFrom"><c>name</c>, <c>modified</c> or <c>--at</c>.</param>
internal sealed record ImportFile(string Path, long Size, DateTimeOffset Time, string TimeFrom)
{
    /// <summary>As snapshots name it; the same file gets the same text.</summary>
    public string Source => $"import:{System.IO.Path.GetFileName(Path)} ({Size} bytes)";
}
