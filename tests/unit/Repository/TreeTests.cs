using System.Buffers;
using System.Text;
using CsCheck;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Repository.Writing;
using KubectlMlopsBackup.Testing;

namespace KubectlMlopsBackup.UnitTests.Repository;

public sealed class TreeTests
{
    /// <summary>Bytes that mean something to a tree's line or its order, and any other.</summary>
    private static readonly Gen<byte> PathByte = Gen.Frequency(
        (3, Gen.OneOf("\t\n%/-. +:,a\u007f"u8.ToArray())),
        (1, Gen.Byte[1, 255]));

    private static readonly Gen<byte[]> AnyPath = PathByte.Array[1, 24];

    private static readonly Gen<byte[]> SafePath = AnyPath.Where(p => TreePath.IsSafe(p));

    private static readonly Gen<Segment> AnySegment = Gen.Frequency(
        (4, Gen.Select(Gen.Byte.Array[32], Gen.Int[0, 8 << 20], Gen.Int[1, 8 << 20]).Select((id, o, l) => new Segment(new ChunkId(id), o, l))),
        (1, Gen.Long[1, 1L << 40].Select(Segment.Hole)));

    private static readonly Gen<TreeEntry> Entry = Gen.Select(
        Gen.OneOf(EntryType.Directory, EntryType.File, EntryType.SymbolicLink, EntryType.HardLink, EntryType.S3Object),
        SafePath,
        Gen.Int[0, 0xFFF],
        Gen.UInt,
        Gen.Long[-(1L << 62), 1L << 62],
        Gen.Select(AnySegment.Array[0, 5], Gen.Byte.Array[32], Gen.Bool),
        Gen.Select(SafePath, Gen.OneOf("", "12.345", "\"etag\""))).Select((type, path, mode, id, time, content, rest) =>
    {
        var hasContent = type is EntryType.File or EntryType.HardLink or EntryType.S3Object;
        return new TreeEntry
        {
            Type = type,
            Path = path,
            Mode = mode,
            Uid = id,
            Gid = ~id,
            ModifiedNanoseconds = time,
            Segments = hasContent ? content.Item1 : [],
            Size = hasContent ? content.Item1.Sum(s => s.Length) : 0,
            ContentHash = hasContent && content.Item3 ? new ChunkId(content.Item2) : default,
            Stamp = rest.Item2,
            Target = type is EntryType.SymbolicLink or EntryType.HardLink ? rest.Item1 : null,
        };
    });

    [Fact]
    public void An_entry_is_read_from_its_line_as_it_was_written() => Entry.Sample(
        entry =>
        {
            var line = new ArrayBufferWriter<byte>();
            TreeLine.Write(line, entry);
            return line.WrittenSpan[^1] == '\n' && line.WrittenSpan.Count((byte)'\n') == 1
                && TreeLine.TryRead(line.WrittenSpan[..^1], out var read) && Same(entry, read);
        },
        iter: 3000);

    [Fact]
    public void A_path_of_any_bytes_survives_being_escaped() => Gen.Byte.Array[0, 40].Sample(
        path =>
        {
            var text = TreePath.Escape(path);
            return !text.Any(char.IsControl)
                ? TreePath.Unescape(Encoding.UTF8.GetBytes(text)).AsSpan().SequenceEqual(path)
                // C1 controls are UTF-8 and no separators: they may stay.
                : text.Where(char.IsControl).All(c => c >= 0x80)
                    && TreePath.Unescape(Encoding.UTF8.GetBytes(text)).AsSpan().SequenceEqual(path);
        },
        iter: 5000);

    [Fact]
    public void A_line_of_any_bytes_is_read_or_refused() => Gen.Select(Entry, Gen.Int[0, 10_000], Gen.Byte, Gen.Int[0, 2]).Sample(
        (entry, at, value, how) =>
        {
            var line = new ArrayBufferWriter<byte>();
            TreeLine.Write(line, entry);
            var bytes = line.WrittenSpan[..^1].ToArray();
            at %= bytes.Length;
            var changed = how switch
            {
                0 => [.. bytes[..at], value, .. bytes[(at + 1)..]],
                1 => bytes[..at],
                _ => (byte[])[.. bytes[..at], value, .. bytes[at..]],
            };
            // Not thrown on is what counts.
            _ = TreeLine.TryRead(changed, out _);
        },
        iter: 5000);

    [Theory]
    [InlineData("f\t0644\t0\t0\t-9223372036854775808.000000000\t0\t-\t-\t-\ta")]
    [InlineData("f\t0644\t0\t0\t9223372036854775807.999999999\t0\t-\t-\t-\ta")]
    [InlineData("f\t0644\t0\t0\t1.000000000\t9223372036854775807\t-\t-\t0000000000000000000000000000000000000000000000000000000000000001:1:9223372036854775807\ta")]
    [InlineData("f\t0644\t0\t0\t1.000000000\t16777217\t-\t-\t0000000000000000000000000000000000000000000000000000000000000001:0:16777217\ta")]
    [InlineData("f\t0644\t0\t0\t1.000000000\t5\t-\t-\t-:5:5\ta")]
    [InlineData("f\t0644\t-1\t0\t1.000000000\t0\t-\t-\t-\ta")]
    [InlineData("f\t0644\t4294967296\t0\t1.000000000\t0\t-\t-\t-\ta")]
    [InlineData("f\t06444\t0\t0\t1.000000000\t0\t-\t-\t-\ta")]
    [InlineData("f\t0644\t0\t0\t1.000000000\t0\t-\t-\t-\ta\tb")]
    [InlineData("l\t0644\t0\t0\t1.000000000\t0\t-\t-\t-\ta")]
    [InlineData("x\t0644\t0\t0\t1.000000000\t0\t-\t-\t-\ta")]
    [InlineData("f\t0644\t0\t0\t1.000000000\t0\t-\t-\t-\ta%0")]
    [InlineData("f\t0644\t0\t0\t1.000000000\t0\t-\t-\t-\ta\tb\tc\td\te")]
    public void A_line_that_no_writer_writes_is_refused(string line) =>
        Assert.False(TreeLine.TryRead(Encoding.UTF8.GetBytes(line), out _));

    [Fact]
    public void The_order_is_that_of_the_bytes_with_a_slash_after_directories() =>
        Gen.Select(SafePath, Gen.Bool, SafePath, Gen.Bool).Sample(
            (left, leftIsDirectory, right, rightIsDirectory) =>
            {
                byte[] a = leftIsDirectory ? [.. left, (byte)'/'] : left;
                byte[] b = rightIsDirectory ? [.. right, (byte)'/'] : right;
                return Math.Sign(a.AsSpan().SequenceCompareTo(b))
                    == Math.Sign(TreePath.Compare(left, leftIsDirectory, right, rightIsDirectory))
                    && Math.Sign(TreePath.Compare(left, leftIsDirectory, right, rightIsDirectory))
                    == -Math.Sign(TreePath.Compare(right, rightIsDirectory, left, leftIsDirectory));
            },
            iter: 20_000);

    [Fact]
    public void The_root_comes_before_everything() => Gen.Select(SafePath, Gen.Bool).Sample(
        (path, isDirectory) => TreePath.Compare([], true, path, isDirectory) < 0,
        iter: 500);

    [Fact]
    public async Task Thousands_of_entries_and_files_of_thousands_of_segments_come_back()
    {
        using var store = new MemoryStore();
        var repository = await Engine.CreateAsync(store, TimeProvider.System, encrypted: true);
        var random = new Random(5);
        var entries = new List<TreeEntry> { new() { Type = EntryType.Directory, Path = [] } };
        foreach (var count in new[] { 999, 1000, 1001, 2000, 5001 })
        {
            var segments = Enumerable.Range(0, count)
                .Select(_ => new Segment(new ChunkId(Engine.Bytes(random, 32)), random.Next(100), random.Next(1, 100))).ToList();
            entries.Add(new TreeEntry
            {
                Type = EntryType.File,
                Path = Encoding.UTF8.GetBytes($"large-{count}"),
                Segments = segments,
                Size = segments.Sum(s => s.Length),
            });
        }

        for (var i = 0; i < 6000; i++)
        {
            entries.Add(new TreeEntry { Type = EntryType.Directory, Path = Encoding.UTF8.GetBytes($"d{i:0000}\n"), Mode = i % 4096 });
        }

        entries.Sort(TreePath.Compare);
        TreeRef tree;
        await using (var writer = new RepositoryWriter(repository, new ChunkIndex(), WriterOptions.Default, Engine.Cancel))
        {
            var lines = new TreeWriter(writer, repository.TreeChunker());
            foreach (var entry in entries)
            {
                await lines.AddAsync(entry);
            }

            tree = await lines.FinishAsync();
            await writer.FinishAsync();
        }

        Assert.Equal(entries.Count, tree.Entries);
        Assert.True(tree.Chunks.Count > 50);
        var loaded = await IndexLoader.LoadAsync(repository, Engine.Cancel);
        using var chunks = new ChunkReader(repository, loaded.Index);
        await using var reader = new TreeReader(chunks, tree, "test", Engine.Cancel);
        foreach (var entry in entries)
        {
            var read = await reader.ReadAsync();
            Assert.True(read is not null && Same(entry, read), $"at {entry.DisplayPath}");
        }

        Assert.Null(await reader.ReadAsync());
    }

    private static bool Same(TreeEntry left, TreeEntry right) =>
        left.Type == right.Type && left.Path.AsSpan().SequenceEqual(right.Path) && left.Mode == right.Mode
        && left.Uid == right.Uid && left.Gid == right.Gid && left.ModifiedNanoseconds == right.ModifiedNanoseconds
        && left.Size == right.Size && left.Stamp == right.Stamp && left.ContentHash == right.ContentHash
        && left.Segments.SequenceEqual(right.Segments)
        && left.Target.AsSpan().SequenceEqual(right.Target) && left.Target is null == right.Target is null;
}
