using System.Security.Cryptography;

namespace KubectlMlopsBackup.Repository.Storage;

internal static class ObjectStoreExtensions
{
    /// <summary>Writes a small object in one go.</summary>
    public static async Task PutAsync(
        this IObjectStore store, string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await using var pending = store.Create();
        pending.Append(content.Span);
        await pending.CommitAsync(key, SHA256.HashData(content.Span), cancellationToken);
    }

    /// <summary>Reads a whole object.</summary>
    /// <param name="store">The store.</param>
    /// <param name="key">Its key.</param>
    /// <param name="maxBytes">The most that is believed: a larger object is refused before it is read.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ObjectNotFoundException">No such object.</exception>
    /// <exception cref="InvalidDataException">Larger than <paramref name="maxBytes"/>.</exception>
    public static async Task<byte[]> GetAsync(
        this IObjectStore store, string key, int maxBytes, CancellationToken cancellationToken)
    {
        var size = await store.SizeAsync(key, cancellationToken)
            ?? throw new ObjectNotFoundException(store.Location, key);
        if (size > maxBytes)
        {
            throw new InvalidDataException($"{store.Location}/{key} has {size} bytes; at most {maxBytes} make sense");
        }

        var buffer = new byte[size];
        var read = await store.ReadAsync(key, 0, buffer, cancellationToken);
        return read == size ? buffer : buffer[..read];
    }
}
