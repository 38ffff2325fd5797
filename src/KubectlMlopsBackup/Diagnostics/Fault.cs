namespace KubectlMlopsBackup.Diagnostics;

/// <summary>Something that can be wrong.</summary>
/// <param name="Id">Stable: scripts and links go by it. The heading of its section in docs/troubleshooting.md.</param>
/// <param name="Title">That section's first line.</param>
internal sealed record Fault(string Id, string Title);
