namespace KubectlMlopsBackup.Cluster.Models;

/// <summary>What the API server says of itself.</summary>
internal sealed record VersionView(string GitVersion);
