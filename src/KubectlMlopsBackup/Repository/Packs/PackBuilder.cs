using System.Buffers.Binary;
using System.Security.Cryptography;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Repository.Packs;

/// <summary>A pack being written. One thread at a time.</summary>
internal sealed class PackBuilder : IAsyncDisposable
{
    private readonly WritingSession session;
    private readonly ObjectKind kind;
    private readonly IPendingObject pending;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly List<PackedChunk> chunks = [];

    public PackBuilder(IObjectStore store, WritingSession session, ObjectKind kind)
    {
        this.session = session;
        this.kind = kind;
        pending = store.Create();
        Span<byte> header = stackalloc byte[ObjectHeader.Size];
        ObjectHeader.Write(header, kind, session.Secrets.Encrypted, session.PackSalt);
        Append(header);
    }

    public long Length => pending.Length;

    public void Append(PackedChunk chunk, ReadOnlySpan<byte> frame)
    {
        Append(frame);
        chunks.Add(chunk);
    }

    /// <summary>Writes the directory and makes the pack durable.</summary>
    public async Task<PackInfo> CommitAsync(CancellationToken cancellationToken)
    {
        AppendDirectory();
        var size = pending.Length;
        var sha256 = hash.GetHashAndReset();
        var info = new PackInfo(new ChunkId(sha256), kind, session.Salt.ToArray(), size, chunks);
        await pending.CommitAsync(info.Key, sha256, cancellationToken);
        return info;
    }

    public async ValueTask DisposeAsync()
    {
        hash.Dispose();
        await pending.DisposeAsync();
    }

    private void AppendDirectory()
    {
        var lines = new byte[chunks.Count * PackDirectory.LineSize];
        PackDirectory.Write(lines, chunks);
        var body = SmallObject.EncodeBody(lines, compress: false);
        using var cipher = session.Cipher(kind);
        var frame = new byte[body.Length + cipher.Overhead];
        cipher.Seal(body, frame, session.NextCounter());
        Append(frame);

        Span<byte> trailer = stackalloc byte[PackTrailer.Size];
        BinaryPrimitives.WriteInt32LittleEndian(trailer, frame.Length);
        PackTrailer.Magic.CopyTo(trailer[4..]);
        Append(trailer);
    }

    private void Append(ReadOnlySpan<byte> data)
    {
        hash.AppendData(data);
        pending.Append(data);
    }
}
