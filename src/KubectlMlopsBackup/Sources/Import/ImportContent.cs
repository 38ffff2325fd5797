using System.IO.Compression;
using System.Text;

namespace KubectlMlopsBackup.Sources.Import;

/// <summary>What is in a file, without its compression. Told by the bytes, not by the name.</summary>
internal sealed class ImportContent : IAsyncDisposable
{
    private const int HeadSize = 64 << 10;
    private const int TarMagicAt = 257;

    private readonly FileStream file;

    private ImportContent(FileStream file, Stream content, ImportKind kind)
    {
        this.file = file;
        Content = content;
        Kind = kind;
    }

    /// <summary>From its beginning, for one forward read.</summary>
    public Stream Content { get; }

    public ImportKind Kind { get; }

    /// <summary>Bytes of the file itself that were read.</summary>
    public long Position => file.Position;

    /// <exception cref="UserError">It cannot be read, or is nothing that can be imported.</exception>
    public static async Task<ImportContent> OpenAsync(string path, CancellationToken cancellationToken)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, useAsync: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{path} cannot be read: {e.Message}", inner: e);
        }

        try
        {
            var (head, plain) = await HeadAsync(file, file, cancellationToken);
            var content = head switch
            {
                [0x1f, 0x8b, ..] => await WithHeadAsync(new GZipStream(plain, CompressionMode.Decompress), cancellationToken),
                [0x28, 0xb5, 0x2f, 0xfd, ..] => await WithHeadAsync(new ZstdSharp.DecompressionStream(plain), cancellationToken),
                _ => (head, plain),
            };
            return new ImportContent(file, content.Item2, KindOf(content.Item1, path));
        }
        catch (Exception e)
        {
            await file.DisposeAsync();
            throw e is InvalidDataException or ZstdSharp.ZstdException or EndOfStreamException ? Damaged(path, e) : e;
        }
    }

    public static UserError Damaged(string path, Exception e) => new(
        $"{path} is damaged or cut off: {e.Message}", "take another copy of it; nothing of it was imported", ExitCode.CheckFailed, e);

    public async ValueTask DisposeAsync()
    {
        await Content.DisposeAsync();
        await file.DisposeAsync();
    }

    private static Task<(byte[] Head, Stream Whole)> WithHeadAsync(Stream content, CancellationToken cancellationToken) =>
        HeadAsync(content, null, cancellationToken);

    /// <summary>The first bytes, and all of it again.</summary>
    private static async Task<(byte[] Head, Stream Whole)> HeadAsync(Stream content, FileStream? seekable, CancellationToken cancellationToken)
    {
        var buffer = new byte[HeadSize];
        var count = await content.ReadAtLeastAsync(buffer, HeadSize, throwOnEndOfStream: false, cancellationToken);
        var head = buffer[..count];
        if (seekable is not null)
        {
            seekable.Position = 0;
            return (head, seekable);
        }

        return (head, new PrefixedStream(head, content));
    }

    private static ImportKind KindOf(byte[] head, string path)
    {
        if (head.AsSpan().StartsWith("PGDMP"u8))
        {
            return ImportKind.CustomDump;
        }

        if (head.Length >= TarMagicAt + 5 && head.AsSpan(TarMagicAt, 5).SequenceEqual("ustar"u8))
        {
            return ImportKind.Tar;
        }

        return Encoding.Latin1.GetString(head).Contains("PostgreSQL database dump", StringComparison.Ordinal)
            ? ImportKind.Sql
            : throw new UserError(
                head.AsSpan().IndexOf("PostgreSQL database cluster dump"u8) >= 0
                    ? $"{path} is of pg_dumpall: it is of a whole server, with its roles"
                    : $"{path} is neither a dump of pg_dump (plain or custom format) nor a tar archive",
                "what can be imported: .sql, .dump and .tar, as they are or compressed by gzip or zstd",
                ExitCode.Usage);
    }
}
