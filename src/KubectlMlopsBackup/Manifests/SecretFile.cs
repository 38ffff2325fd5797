namespace KubectlMlopsBackup.Manifests;

/// <summary>A value of a Secret that the agent sees as a file.</summary>
/// <param name="Path">Below <see cref="AgentPaths.Secrets"/>.</param>
internal sealed record SecretFile(string Secret, string Key, string Path);
