using CsCheck;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Packs;
using KubectlMlopsBackup.Repository.Writing;
using KubectlMlopsBackup.Testing;

namespace KubectlMlopsBackup.UnitTests.Repository;

public sealed class PackTests
{
    private static readonly Gen<byte[]> Chunk = Gen.Select(Gen.Int[1, 40_000], Gen.Int[0, int.MaxValue], Gen.Bool).Select((length, seed, mixed) =>
        mixed ? Engine.Mixed(new Random(seed), length) : Engine.Bytes(new Random(seed), length));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pack_gives_its_chunks_back_from_its_own_directory(bool encrypted)
    {
        var secrets = RepositorySecrets.Create(encrypted, null);
        await Gen.Select(Chunk.List[1, 12], Gen.Enum<CompressionLevel>(), Gen.Bool).SampleAsync(
            async (contents, level, tree) =>
            {
                using var store = new MemoryStore();
                var kind = tree ? ObjectKind.TreePack : ObjectKind.DataPack;
                var (written, bytes) = await WriteAsync(store, secrets, kind, level, contents);
                var pack = PackTrailer.Parse(secrets, written.Id, kind, bytes);
                Assert.Equal(written.Chunks, pack.Chunks);
                Assert.Equal(written.Salt, pack.Salt);
                Assert.Equal(written.Size, bytes.Length);
                Assert.Equal(contents, Open(secrets, pack, bytes));
            },
            iter: 60);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Equal_chunks_of_two_sessions_make_packs_of_different_names(bool encrypted)
    {
        var secrets = RepositorySecrets.Create(encrypted, null);
        using var store = new MemoryStore();
        byte[][] contents = [[1, 2, 3], [4, 5, 6]];
        var (first, _) = await WriteAsync(store, secrets, ObjectKind.DataPack, CompressionLevel.Fast, contents);
        var (second, _) = await WriteAsync(store, secrets, ObjectKind.DataPack, CompressionLevel.Fast, contents);
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(2, store.Objects.Count);
    }

    [Fact]
    public async Task A_pack_passes_for_no_other_kind_and_opens_under_no_other_key()
    {
        var secrets = RepositorySecrets.Create(true, null);
        using var store = new MemoryStore();
        var (pack, bytes) = await WriteAsync(store, secrets, ObjectKind.DataPack, CompressionLevel.Fast, [[1, 2, 3]]);
        Assert.Throws<RepositoryDamagedException>(() => PackTrailer.Parse(secrets, pack.Id, ObjectKind.TreePack, bytes));
        var others = RepositorySecrets.Create(true, null);
        Assert.Throws<RepositoryDamagedException>(() => PackTrailer.Parse(others, pack.Id, ObjectKind.DataPack, bytes));
        bytes[5] = (byte)ObjectKind.TreePack;
        Assert.Throws<RepositoryDamagedException>(() => PackTrailer.Parse(secrets, pack.Id, ObjectKind.TreePack, bytes));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_index_reads_back_as_it_was_written(bool encrypted)
    {
        var id = Gen.Byte.Array[32].Select(b => new ChunkId(b));
        var chunk = Gen.Select(id, Gen.Int[1, 16 << 20], Gen.Int[0, 1 << 30], Gen.Bool).Select((i, length, frame, zstd) =>
            new PackedChunk(i, 1 + (frame % (length + 24)), length, zstd ? ChunkEncoding.Zstd : ChunkEncoding.Plain));
        var pack = Gen.Select(id, Gen.Bool, Gen.Byte.Array[16], chunk.List[0, 8]).Select((i, tree, salt, chunks) => new PackInfo(
            i,
            tree ? ObjectKind.TreePack : ObjectKind.DataPack,
            encrypted ? salt : [],
            chunks.Sum(c => (long)c.FrameLength) + 100,
            chunks));
        pack.List[0, 10].Sample(
            packs =>
            {
                var read = IndexFile.Read(IndexFile.Write(packs), "index/x", encrypted).ToList();
                return packs.Count == read.Count && packs.Zip(read).All(p =>
                    p.First.Id == p.Second.Id && p.First.Kind == p.Second.Kind && p.First.Size == p.Second.Size
                    && p.First.Salt.AsSpan().SequenceEqual(p.Second.Salt)
                    && p.First.Chunks.SequenceEqual(p.Second.Chunks));
            },
            iter: 300);
    }

    [Fact]
    public void An_index_of_random_bytes_is_refused_and_nothing_else() => Gen.Byte.Array[0, 400].Sample(
        bytes =>
        {
            try
            {
                _ = IndexFile.Read(bytes, "index/x", encrypted: true).ToList();
                return bytes.Length == 0 || bytes[32] is (byte)'P' or (byte)'T';
            }
            catch (RepositoryDamagedException)
            {
                return true;
            }
        },
        iter: 3000);

    [Fact]
    public void A_bomb_does_not_decompress_past_the_length_it_claims()
    {
        using var codec = new Codec(CompressionLevel.Fast);
        var packed = new byte[Codec.Bound(64 << 20)];
        var length = codec.Compress(new byte[64 << 20], packed);
        Assert.True(length < 1 << 20);
        Assert.False(codec.TryDecompress(packed.AsSpan(0, length), new byte[16 << 20]));
        Assert.False(codec.TryDecompress(packed.AsSpan(0, length), new byte[16]));
        Assert.False(codec.TryDecompress(packed.AsSpan(0, length - 1), new byte[64 << 20]));
    }

    [Fact]
    public void A_small_object_is_not_believed_more_content_than_its_kind_may_have()
    {
        var secrets = RepositorySecrets.Create(false, null);
        var bytes = SmallObject.Encode(new WritingSession(secrets), ObjectKind.Receipt, new byte[4 << 20]);
        Assert.True(bytes.Length < 64 << 10);
        Assert.Equal(4 << 20, SmallObject.Decode(secrets, "k", ObjectKind.Receipt, bytes).Length);
        Assert.Throws<RepositoryDamagedException>(() => SmallObject.Decode(secrets, "k", ObjectKind.Receipt, bytes, 64 << 10));
    }

    private static async Task<(PackInfo Pack, byte[] Bytes)> WriteAsync(
        MemoryStore store, RepositorySecrets secrets, ObjectKind kind, CompressionLevel level, IReadOnlyList<byte[]> contents)
    {
        var session = new WritingSession(secrets);
        using var encoder = new ChunkEncoder(session, level);
        await using var builder = new PackBuilder(store, session, kind);
        foreach (var content in contents)
        {
            var (chunk, frame) = encoder.Encode(kind, ChunkId.Of(content), content, isBundle: false);
            builder.Append(chunk, frame.Span);
        }

        var pack = await builder.CommitAsync(Engine.Cancel);
        return (pack, store.Objects[pack.Key]);
    }

    private static List<byte[]> Open(RepositorySecrets secrets, PackInfo pack, byte[] bytes)
    {
        using var cipher = new FrameCipher(secrets, pack.Kind, pack.Salt);
        using var codec = new Codec(CompressionLevel.None);
        var offset = ObjectHeader.Size;
        var contents = new List<byte[]>();
        foreach (var chunk in pack.Chunks)
        {
            var content = new byte[chunk.Length];
            ChunkFrame.Open(cipher, codec, bytes.AsSpan(offset, chunk.FrameLength).ToArray(), chunk, content, pack.Key);
            contents.Add(content);
            offset += chunk.FrameLength;
        }

        return contents;
    }
}
