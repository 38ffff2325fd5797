namespace KubectlMlopsBackup.Repository.Storage;

/// <param name="Key">Relative to the repository.</param>
/// <param name="Size">In bytes.</param>
internal readonly record struct StoredObject(string Key, long Size);
