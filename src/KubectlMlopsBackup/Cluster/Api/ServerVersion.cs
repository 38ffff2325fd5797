namespace KubectlMlopsBackup.Cluster.Api;

/// <param name="Name">Such as <c>v1.36.2</c>.</param>
/// <param name="Time">The server's clock, to the second; null where a proxy has taken it away.</param>
/// <param name="Here">This machine's clock at the same moment.</param>
internal sealed record ServerVersion(string Name, DateTimeOffset? Time, DateTimeOffset Here)
{
    /// <summary>How much the server's clock is ahead of this machine's; null where it did not say.</summary>
    public TimeSpan? Ahead => Time - Here;

    /// <summary>Null where the name has none.</summary>
    public Version? Number =>
        Version.TryParse(Name.TrimStart('v').Split('-', '+')[0], out var version) ? version : null;
}
