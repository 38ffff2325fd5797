namespace KubectlMlopsBackup.Repository.Verifying;

/// <param name="Key">The object.</param>
/// <param name="What">What is wrong with it.</param>
/// <param name="Harmless">No snapshot is hurt by it: it is in the way of prune, or will be mended by the next backup.</param>
internal sealed record Damage(string Key, string What, bool Harmless = false);
