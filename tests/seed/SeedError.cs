namespace KubectlMlopsBackup.Seed;

/// <summary>Something that the caller can mend; printed without a stack.</summary>
internal sealed class SeedError(string message) : Exception(message);
