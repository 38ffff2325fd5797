namespace KubectlMlopsBackup.Sources.Artifacts.S3;

/// <summary>
/// Tells one object that may not be read, which is a problem of that object, from a missing permission, which ends the run.
/// Safe for concurrent use.
/// </summary>
internal sealed class S3Denials
{
    private const int Most = 100;

    private int denied;
    private volatile bool anyRead;

    public void AddRead() => anyRead = true;

    /// <returns>What to throw for a request that was denied.</returns>
    public Exception Add(Exception explained) =>
        Interlocked.Increment(ref denied) >= Most && !anyRead
            ? explained
            : new IOException(explained.Message, explained);
}
