namespace KubectlMlopsBackup.Local;

/// <summary>What a postgres snapshot says of itself without being opened: the rest is in its <c>facts.json</c>.</summary>
internal sealed record PostgresSummary(
    string ServerVersion, long DatabaseBytes, int Tables, long Rows, long ArtifactUris, string? AlembicVersion);
