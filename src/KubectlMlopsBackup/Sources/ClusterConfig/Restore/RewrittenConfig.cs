namespace KubectlMlopsBackup.Sources.ClusterConfig.Restore;

/// <summary>Objects as they are to be applied.</summary>
/// <param name="Skipped">Left out on purpose, with the reason.</param>
/// <param name="Review">What a person should look at.</param>
internal sealed record RewrittenConfig(
    IReadOnlyList<ConfigObject> Objects, IReadOnlyList<(ConfigObject Object, string Reason)> Skipped, IReadOnlyList<ReviewNote> Review);
