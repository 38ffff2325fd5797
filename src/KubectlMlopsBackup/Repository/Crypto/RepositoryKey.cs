namespace KubectlMlopsBackup.Repository.Crypto;

/// <summary>What wraps a repository's secrets, and so opens it: a passphrase, or a key of a key service.</summary>
internal abstract class RepositoryKey
{
    /// <summary>For messages, such as <c>the passphrase</c>. Not a secret.</summary>
    public abstract string Name { get; }

    /// <summary>What to look at where it opens nothing.</summary>
    public abstract string Hint { get; }

    /// <param name="secrets">Of an encrypted repository.</param>
    /// <param name="repositoryId">Bound to it: the file opens no other repository.</param>
    /// <param name="label">A name for people.</param>
    /// <param name="created">Now.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="UserError">The key service refuses, or does not answer.</exception>
    public abstract Task<KeyFile> WrapAsync(
        RepositorySecrets secrets, string repositoryId, string label, DateTimeOffset created, CancellationToken cancellationToken);

    /// <param name="file">Of any kind.</param>
    /// <param name="repositoryId">That it is bound to.</param>
    /// <param name="name">Of the object that the file was read from, for messages.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Null where the file is another key's.</returns>
    /// <exception cref="RepositoryDamagedException">Values that no writer writes.</exception>
    /// <exception cref="UserError">The key service refuses, or does not answer.</exception>
    public abstract Task<RepositorySecrets?> UnwrapAsync(KeyFile file, string repositoryId, string name, CancellationToken cancellationToken);
}
