namespace KubectlMlopsBackup.Repository;

/// <summary>An object is missing, or is not what its name or its neighbours say it is.</summary>
/// <param name="key">The object.</param>
/// <param name="what">What is wrong with it.</param>
internal sealed class RepositoryDamagedException(string key, string what, Exception? inner = null)
    : IOException($"{key}: {what}", inner)
{
    public string Key { get; } = key;

    public string What { get; } = what;
}
