using System.Security.Cryptography;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Testing;

/// <summary>What every store has to do. A new one derives from this and passes.</summary>
public abstract class ObjectStoreConformance
{
    private const int MiB = 1024 * 1024;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Whether a wrong hash is refused.</summary>
    protected virtual bool ChecksOnArrival => true;

    /// <summary>An empty store of its own for each test.</summary>
    private protected abstract IObjectStore Store { get; }

    [Fact]
    public async Task What_was_committed_reads_back()
    {
        var content = Bytes(100_000);
        await using var pending = Store.Create();
        foreach (var piece in content.Chunk(777))
        {
            pending.Append(piece);
        }

        pending.Append([]);
        Assert.Equal(content.Length, pending.Length);
        await pending.CommitAsync("packs/3f/object-1_a.b", SHA256.HashData(content), Token);

        Assert.Equal(content, await Store.GetAsync("packs/3f/object-1_a.b", int.MaxValue, Token));
        Assert.Equal(content.Length, await Store.SizeAsync("packs/3f/object-1_a.b", Token));
    }

    [Fact]
    public async Task An_empty_object_is_an_object()
    {
        await Store.PutAsync("empty", default, Token);

        Assert.Equal(0, await Store.SizeAsync("empty", Token));
        Assert.Equal(0, await Store.ReadAsync("empty", 0, new byte[10], Token));
        Assert.Equal([new StoredObject("empty", 0)], await ListAsync(""));
    }

    [Fact]
    public async Task The_same_object_may_be_written_again()
    {
        var content = Bytes(1000);
        await Store.PutAsync("index/a", content, Token);
        await Store.PutAsync("index/a", content, Token);

        Assert.Equal(content, await Store.GetAsync("index/a", 1000, Token));
        Assert.Single(await ListAsync(""));
    }

    [Fact]
    public async Task Another_size_under_a_taken_key_is_a_conflict_and_changes_nothing()
    {
        var first = Bytes(1000);
        await Store.PutAsync("index/a", first, Token);

        var conflict = await Assert.ThrowsAsync<ObjectConflictException>(() => Store.PutAsync("index/a", Bytes(1001), Token));

        Assert.Equal("index/a", conflict.Key);
        Assert.Equal(first, await Store.GetAsync("index/a", 2000, Token));
    }

    [Fact]
    public async Task Of_twenty_racers_with_different_content_one_wins()
    {
        var contents = Enumerable.Range(0, 20).Select(i => Bytes(5000 + i)).ToArray();
        var won = await Task.WhenAll(contents.Select(content => Task.Run(
            async () =>
            {
                try
                {
                    await Store.PutAsync("race", content, Token);
                    return true;
                }
                catch (ObjectConflictException)
                {
                    return false;
                }
            },
            Token)));

        var winner = Assert.Single(contents, (content) => won[Array.IndexOf(contents, content)]);
        Assert.Equal(winner, await Store.GetAsync("race", 10_000, Token));
    }

    [Fact]
    public async Task Twenty_racers_with_the_same_content_all_succeed()
    {
        var content = Bytes(50_000);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Store.PutAsync("race", content, Token), Token)));

        Assert.Equal(content, await Store.GetAsync("race", 50_000, Token));
        Assert.Equal([new StoredObject("race", 50_000)], await ListAsync(""));
    }

    [Fact]
    public async Task Nothing_is_visible_before_the_commit()
    {
        await using var pending = Store.Create();
        pending.Append(Bytes(3 * MiB));

        Assert.Empty(await ListAsync(""));
    }

    [Fact]
    public async Task What_is_disposed_without_a_commit_is_gone()
    {
        await using (var pending = Store.Create())
        {
            pending.Append(Bytes(1000));
        }

        Assert.Empty(await ListAsync(""));
    }

    [Fact]
    public async Task An_object_is_committed_once()
    {
        var content = Bytes(10);
        await using var pending = Store.Create();
        pending.Append(content);
        await pending.CommitAsync("a", SHA256.HashData(content), Token);

        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => pending.CommitAsync("b", SHA256.HashData(content), Token));
        Assert.Null(await Store.SizeAsync("b", Token));
    }

    [Fact]
    public async Task Listing_finds_thousands_of_keys_once_each()
    {
        var expected = Enumerable.Range(0, 2500).Select(i => new StoredObject($"packs/{i % 16:x2}/{i:x4}", i % 7)).ToHashSet();
        await Parallel.ForEachAsync(
            expected,
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token },
            async (o, token) => await Store.PutAsync(o.Key, Bytes((int)o.Size), token));
        await Store.PutAsync("index/x", Bytes(3), Token);

        var packs = await ListAsync("packs/");
        Assert.Equal(expected.Count, packs.Count);
        Assert.Equal(expected, packs.ToHashSet());
        Assert.Equal(expected.Count + 1, (await ListAsync("")).Count);
        Assert.Equal(2500 / 16 + 1, (await ListAsync("packs/03/")).Count);
    }

    [Theory]
    [InlineData("a", new[] { "a", "a-b/c", "ab", "abc/d" })]
    [InlineData("ab", new[] { "ab", "abc/d" })]
    [InlineData("abc/", new[] { "abc/d" })]
    [InlineData("abc/d", new[] { "abc/d" })]
    [InlineData("abc/d/", new string[0])]
    [InlineData("x/y", new string[0])]
    public async Task A_prefix_is_the_beginning_of_the_key(string prefix, string[] expected)
    {
        foreach (var key in new[] { "a", "a-b/c", "ab", "abc/d", "b" })
        {
            await Store.PutAsync(key, Bytes(1), Token);
        }

        Assert.Equal(expected, (await ListAsync(prefix)).Select(o => o.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(0, 1000, 1000)]
    [InlineData(0, 1, 1)]
    [InlineData(10, 20, 20)]
    [InlineData(999, 1, 1)]
    [InlineData(990, 20, 10)]
    [InlineData(0, 5000, 1000)]
    [InlineData(1000, 10, 0)]
    [InlineData(1001, 10, 0)]
    [InlineData(5_000_000_000, 10, 0)]
    [InlineData(5, 0, 0)]
    public async Task A_read_is_short_only_where_the_object_ends(long offset, int length, int expected)
    {
        var content = Bytes(1000);
        await Store.PutAsync("object", content, Token);

        var buffer = new byte[length];
        var read = await Store.ReadAsync("object", offset, buffer, Token);

        Assert.Equal(expected, read);
        Assert.Equal(content.AsSpan((int)Math.Min(offset, 1000), expected), buffer.AsSpan(0, expected));
        Assert.All(buffer[expected..], b => Assert.Equal(0, b));
    }

    [Fact]
    public async Task A_negative_offset_is_refused()
    {
        await Store.PutAsync("object", Bytes(10), Token);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.ReadAsync("object", -1, new byte[1], Token));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("packs/missing")]
    [InlineData("packs")]
    [InlineData("no/such/folder")]
    public async Task A_missing_object_is_missing_in_every_way(string key)
    {
        await Store.PutAsync("packs/aa/there", Bytes(1), Token);

        Assert.Null(await Store.SizeAsync(key, Token));
        Assert.Equal(DeleteOutcome.NotFound, await Store.DeleteAsync(key, Token));
        Assert.Equal(key, (await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.ReadAsync(key, 0, new byte[1], Token))).Key);
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.ReadAsync(key, 5, Memory<byte>.Empty, Token));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.GetAsync(key, 10, Token));
    }

    [Fact]
    public async Task A_store_that_was_never_written_is_empty()
    {
        Assert.Empty(await ListAsync(""));
        Assert.Empty(await ListAsync("packs/"));
        Assert.Null(await Store.SizeAsync("config", Token));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.ReadAsync("config", 0, new byte[1], Token));
        Assert.Equal(DeleteOutcome.NotFound, await Store.DeleteAsync("config", Token));
    }

    [Fact]
    public async Task What_was_deleted_is_gone_and_its_key_free()
    {
        await Store.PutAsync("packs/aa/b", Bytes(10), Token);
        Assert.Equal(1, await Store.ReadAsync("packs/aa/b", 0, new byte[1], Token));

        Assert.Equal(DeleteOutcome.Deleted, await Store.DeleteAsync("packs/aa/b", Token));

        Assert.Equal(DeleteOutcome.NotFound, await Store.DeleteAsync("packs/aa/b", Token));
        Assert.Null(await Store.SizeAsync("packs/aa/b", Token));
        Assert.Empty(await ListAsync(""));
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => Store.ReadAsync("packs/aa/b", 0, new byte[1], Token));
        await Store.PutAsync("packs/aa/b", Bytes(20), Token);
        Assert.Equal(Bytes(20), await Store.GetAsync("packs/aa/b", 20, Token));
    }

    [Fact]
    public async Task Readers_and_writers_do_not_disturb_each_other()
    {
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 60),
            new ParallelOptions { MaxDegreeOfParallelism = 12, CancellationToken = Token },
            async (i, token) =>
            {
                var content = Bytes(40_000 + i * 997);
                await Store.PutAsync($"packs/{i:x2}", content, token);
                var ranges = Enumerable.Range(0, 8).Select(async r =>
                {
                    var buffer = new byte[4000];
                    Assert.Equal(4000, await Store.ReadAsync($"packs/{i:x2}", r * 4000, buffer, token));
                    Assert.True(buffer.AsSpan().SequenceEqual(content.AsSpan(r * 4000, 4000)));
                });
                await Task.WhenAll(ranges);
                if (i % 3 == 0)
                {
                    Assert.Equal(DeleteOutcome.Deleted, await Store.DeleteAsync($"packs/{i:x2}", token));
                }
            });

        Assert.Equal(40, (await ListAsync("packs/")).Count);
    }

    [Fact]
    public async Task An_object_of_forty_mebibytes_is_read_in_pieces()
    {
        var content = Bytes(40 * MiB);
        await using var pending = Store.Create();
        foreach (var piece in content.Chunk(3 * MiB))
        {
            pending.Append(piece);
        }

        await pending.CommitAsync("big", SHA256.HashData(content), Token);

        var back = new byte[content.Length];
        await Parallel.ForAsync(0, 8, Token, async (i, token) =>
            Assert.Equal(5 * MiB, await Store.ReadAsync("big", i * 5L * MiB, back.AsMemory(i * 5 * MiB, 5 * MiB), token)));
        Assert.True(content.AsSpan().SequenceEqual(back));
    }

    [Fact]
    public async Task A_cancelled_commit_leaves_nothing()
    {
        await using var pending = Store.Create();
        pending.Append(Bytes(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => pending.CommitAsync("object", SHA256.HashData(Bytes(100)), new CancellationToken(true)));

        Assert.Empty(await ListAsync(""));
    }

    [Fact]
    public async Task Everything_can_be_cancelled()
    {
        await Store.PutAsync("object", Bytes(10), Token);
        var cancelled = new CancellationToken(true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.ReadAsync("object", 0, new byte[10], cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.SizeAsync("object", cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.DeleteAsync("object", cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.ListAsync("", cancelled).ToListAsync(Token));
        Assert.Equal(10, await Store.SizeAsync("object", Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData("../escape")]
    [InlineData("packs/../../escape")]
    [InlineData("packs/./a")]
    [InlineData("packs//a")]
    [InlineData("packs/")]
    [InlineData("packs/a\0b")]
    [InlineData("packs/a b")]
    [InlineData("packs/A")]
    [InlineData("packs\\a")]
    [InlineData("packs/é")]
    [InlineData("tmp/a")]
    [InlineData("tmp")]
    public async Task What_cannot_be_a_key_is_refused_everywhere(string key)
    {
        await using var pending = Store.Create();
        await Assert.ThrowsAsync<ArgumentException>(() => pending.CommitAsync(key, SHA256.HashData([]), Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.ReadAsync(key, 0, new byte[1], Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.SizeAsync(key, Token));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.DeleteAsync(key, Token));
        Assert.Empty(await ListAsync(""));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("../")]
    [InlineData("packs/../")]
    [InlineData("a\0")]
    public async Task What_cannot_begin_a_key_is_refused(string prefix) =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await ListAsync(prefix));

    [Fact]
    public async Task A_wrong_hash_is_refused_where_the_store_can_check()
    {
        if (!ChecksOnArrival)
        {
            Assert.Skip("this store does not check on arrival");
        }

        await using var pending = Store.Create();
        pending.Append(Bytes(1000));

        await Assert.ThrowsAsync<IOException>(() => pending.CommitAsync("object", SHA256.HashData(Bytes(999)), Token));

        Assert.Empty(await ListAsync(""));
    }

    [Fact]
    public async Task A_larger_object_than_makes_sense_is_not_read()
    {
        await Store.PutAsync("config", Bytes(1001), Token);
        await Assert.ThrowsAsync<InvalidDataException>(() => Store.GetAsync("config", 1000, Token));
    }

    /// <summary>The same bytes for the same length, which differ from those of every other length.</summary>
    protected static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private protected async Task<List<StoredObject>> ListAsync(string prefix) =>
        await Store.ListAsync(prefix, Token).ToListAsync(Token);
}
