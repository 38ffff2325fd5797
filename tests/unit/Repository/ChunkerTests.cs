using CsCheck;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Chunking;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Writing;
using KubectlMlopsBackup.Testing;

namespace KubectlMlopsBackup.UnitTests.Repository;

public sealed class ChunkerTests
{
    private static readonly byte[] Seed = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    /// <summary>Random, all equal, and repeating content: borders by content, none at all, periodic ones.</summary>
    private static readonly Gen<byte[]> Content = Gen.Select(Gen.Int[0, 200_000], Gen.Int[0, 2], Gen.Int[0, int.MaxValue]).Select((length, kind, seed) =>
    {
        var bytes = Engine.Bytes(new Random(seed), kind == 2 ? Math.Min(length, 777) : length);
        return kind switch
        {
            0 => bytes,
            1 => new byte[length],
            _ => [.. Enumerable.Range(0, length).Select(i => bytes[i % bytes.Length])],
        };
    });

    [Fact]
    public void Chunks_are_the_content_and_have_the_sizes_that_they_may_have() => Content.Sample(
        content =>
        {
            var parameters = Engine.SmallChunks;
            var lengths = Cut(new Chunker(parameters, Seed), content);
            return lengths.Sum() == content.Length
                && lengths.TrueForAll(l => l > 0 && l <= parameters.Max)
                && lengths.SkipLast(1).All(l => l > parameters.Min);
        },
        iter: 300);

    [Fact]
    public void After_an_insertion_the_borders_are_found_again() => Gen.Select(Gen.Int[0, 1 << 30], Gen.Int[0, 60_000], Gen.Int[1, 3000]).Sample(
        (seed, at, count) =>
        {
            var random = new Random(seed);
            var content = Engine.Bytes(random, 400_000);
            byte[] changed = [.. content[..at], .. Engine.Bytes(random, count), .. content[at..]];
            var chunker = new Chunker(Engine.SmallChunks, Seed);
            var before = Cut(chunker, content);
            var after = Cut(chunker, changed);
            // Borders, counted from the end, that both have: all but those near the insertion.
            var common = Borders(before).Select(b => content.Length - b)
                .Intersect(Borders(after).Select(b => changed.Length - b)).Count();
            return common >= before.Count / 2;
        },
        iter: 60);

    [Fact]
    public void Another_seed_cuts_elsewhere()
    {
        var content = Engine.Bytes(new Random(1), 400_000);
        var left = Borders(Cut(new Chunker(Engine.SmallChunks, Seed), content)).SkipLast(1).ToHashSet();
        var right = Borders(Cut(new Chunker(Engine.SmallChunks, [.. Seed.Reverse()]), content)).SkipLast(1).ToHashSet();
        Assert.True(left.Count > 20);
        Assert.True(left.Intersect(right).Count() <= 2, "two seeds have borders in common");
    }

    [Fact]
    public void The_average_is_what_was_asked_for()
    {
        var content = Engine.Bytes(new Random(2), 8 << 20);
        var lengths = Cut(new Chunker(Engine.SmallChunks, Seed), content);
        Assert.InRange(content.Length / lengths.Count, 7000, 11_000);
    }

    [Fact]
    public async Task Through_slabs_and_in_pieces_of_any_size_the_cuts_are_the_same()
    {
        using var store = new MemoryStore();
        var repository = await Engine.CreateAsync(store, TimeProvider.System);
        var chunker = repository.DataChunker();
        await Content.Select(Gen.Int[0, int.MaxValue], Gen.Int[1, 40_000]).SampleAsync(
            async (content, seed, most) =>
            {
                await using var writer = new RepositoryWriter(repository, new ChunkIndex(), WriterOptions.Default, Engine.Cancel);
                var random = new Random(seed);
                var position = 0;
                var target = new PendingContent();
                var read = await new StreamChunker(writer, chunker, writer.Slabs, ObjectKind.DataPack).RunAsync(
                    buffer =>
                    {
                        var count = Math.Min(Math.Min(buffer.Length, random.Next(1, most + 1)), content.Length - position);
                        content.AsMemory(position, count).CopyTo(buffer);
                        position += count;
                        return new(count);
                    },
                    target);
                target.Close();
                var segments = await target.Completion.WaitAsync(Engine.Cancel);
                Assert.Equal(content.Length, read);
                var at = 0;
                foreach (var (length, segment) in Cut(chunker, content).Zip(segments, (l, s) => (l, s)))
                {
                    Assert.Equal(length, segment.Length);
                    Assert.Equal(ChunkId.Of(content.AsSpan(at, length)), segment.Chunk);
                    at += length;
                }

                Assert.Equal(content.Length, at);
            },
            iter: 60);
    }

    private static List<int> Cut(Chunker chunker, ReadOnlySpan<byte> content)
    {
        var lengths = new List<int>();
        while (!content.IsEmpty)
        {
            var length = chunker.FindBorder(content);
            lengths.Add(length);
            content = content[length..];
        }

        return lengths;
    }

    private static List<int> Borders(List<int> lengths)
    {
        var at = 0;
        return [.. lengths.Select(l => at += l)];
    }
}
