namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>The key is taken by an object of another size: it is damaged, or not ours.</summary>
internal sealed class ObjectConflictException(string location, string key)
    : IOException($"{location}: {key} exists with other content, and nothing is ever overwritten")
{
    public string Key { get; } = key;
}
