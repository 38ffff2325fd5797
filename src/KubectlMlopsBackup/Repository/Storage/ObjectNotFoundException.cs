namespace KubectlMlopsBackup.Repository.Storage;

internal sealed class ObjectNotFoundException(string location, string key)
    : IOException($"{location} has no object {key}")
{
    public string Key { get; } = key;
}
