namespace KubectlMlopsBackup.Cluster.Api;

/// <summary>A whole list.</summary>
/// <param name="Version">What a watch goes on from.</param>
internal sealed record Listed<T>(IReadOnlyList<T> Items, string? Version);
