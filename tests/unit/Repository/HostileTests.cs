using System.Text;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Packs;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.Repository.Writing;
using KubectlMlopsBackup.Testing;

namespace KubectlMlopsBackup.UnitTests.Repository;

/// <summary>Objects by somebody who can write into a repository that is not encrypted: well-formed, named right, and lying.</summary>
public sealed class HostileTests : IDisposable
{
    private readonly MemoryStore store = new();

    [Theory]
    [InlineData("{\"snapshot\":null,\"component\":\"artifacts\",\"time\":\"2026-01-01T00:00:00+00:00\"}")]
    [InlineData("{\"component\":\"artifacts\",\"time\":\"2026-01-01T00:00:00+00:00\"}")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\u0000")]
    public async Task A_receipt_of_nonsense_is_damage_and_stops_nothing(string json)
    {
        var repository = await Engine.CreateAsync(store, TimeProvider.System);
        await PutAsync(repository, Receipt.Prefix, ObjectKind.Receipt, json);
        var report = await Engine.VerifyAsync(repository);
        Assert.Contains(report.Damages, d => d.Key.StartsWith(Receipt.Prefix, StringComparison.Ordinal));
        await Engine.BackUpAsync(repository, new Dictionary<string, byte[]> { ["a"] = [1] });
    }

    [Theory]
    [InlineData("{\"time\":\"2026-01-01T00:00:00+00:00\",\"packs\":null,\"orphans\":[]}")]
    [InlineData("{\"time\":\"2026-01-01T00:00:00+00:00\"}")]
    public async Task A_mark_of_nonsense_stops_no_backup_and_lets_prune_delete_nothing(string json)
    {
        var repository = await Engine.CreateAsync(store, TimeProvider.System);
        await PutAsync(repository, "marks/", ObjectKind.Mark, json);
        await Engine.BackUpAsync(repository, new Dictionary<string, byte[]> { ["a"] = [1] });
        Assert.False((await Engine.VerifyAsync(repository)).Good);
        await Assert.ThrowsAsync<UserError>(() => Engine.PruneAsync(repository, new()));
    }

    [Theory]
    [InlineData("\"tree\":null")]
    [InlineData("\"tree\":{\"chunks\":null,\"entries\":1}")]
    [InlineData("\"tree\":{\"entries\":1}")]
    [InlineData("\"tree\":{\"chunks\":[null],\"entries\":1}")]
    [InlineData("\"tree\":{\"chunks\":[\"xyz\"],\"entries\":1}")]
    [InlineData("\"tree\":{\"chunks\":[\"0000000000000000000000000000000000000000000000000000000000000001\"],\"entries\":1}")]
    public async Task A_snapshot_of_nonsense_is_damage_and_hides_no_other(string tree)
    {
        var repository = await Engine.CreateAsync(store, TimeProvider.System);
        var files = new Dictionary<string, byte[]> { ["a"] = [1] };
        var good = await Engine.BackUpAsync(repository, files);
        var json = Encoding.UTF8.GetString(Engine.Draft(repository).ToJson());
        var start = json.IndexOf("\"tree\":", StringComparison.Ordinal);
        var end = json.IndexOf('}', start) + 1;
        await PutAsync(repository, Snapshot.Prefix, ObjectKind.Snapshot, json[..start] + tree + json[end..]);
        var report = await Engine.VerifyAsync(repository);
        Assert.Contains(report.Damages, d => !d.Harmless);
        Assert.DoesNotContain(good.Id, report.HurtSnapshots);
        await Engine.AssertRestoresAsync(repository, good, files);
    }

    [Fact]
    public async Task Trees_that_lead_elsewhere_or_do_not_add_up_are_refused()
    {
        var repository = await Engine.CreateAsync(store, TimeProvider.System);
        var chunk = ChunkId.Of([1, 2, 3]);
        string F(string path, string size = "3", string? segments = null) =>
            $"f\t0644\t0\t0\t1.000000000\t{size}\t-\t-\t{segments ?? $"{chunk}:0:3"}\t{path}\n";
        var trees = new Dictionary<string, string[]>
        {
            ["above"] = [F("../x")],
            ["absolute"] = [F("/x")],
            ["through"] = [F("a/../../b")],
            ["dot"] = [F("./a")],
            ["empty component"] = [F("a//b")],
            ["trailing slash"] = [F("a/")],
            ["nul"] = [F("a%00b")],
            ["hidden"] = [F("%2E%2E/x")],
            ["no path"] = [F("")],
            ["twice"] = [F("a"), F("a")],
            ["out of order"] = [F("b"), F("a")],
            ["second root"] = [F("a"), "d\t0755\t0\t0\t1.000000000\t0\t-\t-\t-\t\n"],
            ["too small"] = [F("a", "2")],
            ["too large"] = [F("a", "4")],
            ["overflow"] = [F("a", "3", $"-:0:{long.MaxValue},-:0:{long.MaxValue},-:0:5")],
            ["link elsewhere"] = [F("a"), "h\t0644\t0\t0\t1.000000000\t0\t-\t-\t-\tb\t../../etc/passwd\n"],
            ["folder with content"] = [F("a").Replace("f\t", "d\t", StringComparison.Ordinal)],
            ["continuation first"] = [$"+\t{chunk}:0:3\n", F("a")],
            ["unended"] = [F("a").TrimEnd('\n')],
            ["empty line"] = [F("a"), "\n", F("b")],
            ["long line"] = [F(new string('a', (1 << 20) + 10))],
            ["bytes"] = ["\u0000\u0001\u0002\n"],
        };
        foreach (var (name, lines) in trees)
        {
            var snapshot = await Engine.WriteTreeAsync(
                repository, [Encoding.UTF8.GetBytes(string.Concat(lines))], [[1, 2, 3]]);
            var error = await Record.ExceptionAsync(() => Engine.ContentsAsync(repository, snapshot));
            Assert.True(error is RepositoryDamagedException, $"{name}: {error}");
            var report = await Engine.VerifyAsync(repository);
            Assert.Contains(snapshot.Id, report.HurtSnapshots);
        }
    }

    [Fact]
    public async Task A_tree_chunk_that_is_listed_twice_is_refused()
    {
        var repository = await Engine.CreateAsync(store, TimeProvider.System);
        var tree = "f\t0644\t0\t0\t1.000000000\t0\t-\t-\t-\ta\n"u8.ToArray();
        var snapshot = await Engine.WriteTreeAsync(repository, [tree, tree]);
        await Assert.ThrowsAsync<RepositoryDamagedException>(() => Engine.ContentsAsync(repository, snapshot));
        // Part of a line, over and over: it never ends, and is given up at a megabyte.
        var part = new byte[1 << 16];
        part.AsSpan().Fill((byte)'a');
        var endless = await Engine.WriteTreeAsync(repository, Enumerable.Repeat(part, 100));
        await Assert.ThrowsAsync<RepositoryDamagedException>(() => Engine.ContentsAsync(repository, endless));
    }

    [Fact]
    public async Task A_segment_beyond_its_chunk_is_refused_and_verify_knows()
    {
        var repository = await Engine.CreateAsync(store, TimeProvider.System);
        foreach (var segment in new[] { "0:4", "1:3", "2147483647:1", "16777215:2" })
        {
            var length = segment.Split(':')[1];
            var snapshot = await Engine.WriteTreeAsync(
                repository,
                [Encoding.UTF8.GetBytes($"f\t0644\t0\t0\t1.000000000\t{length}\t-\t-\t{ChunkId.Of([1, 2, 3])}:{segment}\ta\n")],
                [[1, 2, 3]]);
            var error = await Record.ExceptionAsync(() => Engine.ContentsAsync(repository, snapshot));
            Assert.True(error is RepositoryDamagedException, $"{segment}: {error}");
            Assert.Contains(snapshot.Id, (await Engine.VerifyAsync(repository)).HurtSnapshots);
        }
    }

    [Theory]
    [InlineData(16 << 20)]
    [InlineData(1000)]
    public async Task A_chunk_that_decompresses_to_more_than_it_claims_is_refused(int claimed)
    {
        var repository = await Engine.CreateAsync(store, TimeProvider.System);
        using var codec = new Codec(CompressionLevel.Fast);
        var packed = new byte[Codec.Bound(64 << 20)];
        packed = packed[..codec.Compress(new byte[64 << 20], packed)];
        claimed = Math.Max(claimed, packed.Length);
        var id = ChunkId.Of(new byte[claimed]);
        await using (var pack = new PackBuilder(store, new WritingSession(repository.Secrets), ObjectKind.DataPack))
        {
            pack.Append(new PackedChunk(id, packed.Length, claimed, ChunkEncoding.Zstd), packed);
            var info = await pack.CommitAsync(Engine.Cancel);
            await PutAsync(repository, IndexFile.Prefix, ObjectKind.Index, IndexFile.Write([info]));
        }

        var loaded = await IndexLoader.LoadAsync(repository, Engine.Cancel);
        using var reader = new ChunkReader(repository, loaded.Index);
        await Assert.ThrowsAsync<RepositoryDamagedException>(() => reader.ReadAsync(id, Engine.Cancel));
        Assert.False((await Engine.VerifyAsync(repository)).Good);
    }

    [Fact]
    public async Task An_index_with_sizes_past_any_pack_is_damage()
    {
        var repository = await Engine.CreateAsync(store, TimeProvider.System);
        // Offsets of its chunks would pass the range of an int.
        var chunks = Enumerable.Range(0, 200).Select(i => new PackedChunk(ChunkId.Of([(byte)i]), 16 << 20, 16 << 20, ChunkEncoding.Plain)).ToList();
        var pack = new PackInfo(ChunkId.Of([1]), ObjectKind.DataPack, [], 1L << 40, chunks);
        await PutAsync(repository, IndexFile.Prefix, ObjectKind.Index, IndexFile.Write([pack]));
        Assert.Single((await IndexLoader.LoadAsync(repository, Engine.Cancel)).Damaged);
    }

    [Fact]
    public async Task A_key_file_that_asks_for_all_memory_does_not_lock_out_who_holds_another()
    {
        var repository = await Engine.CreateAsync(store, TimeProvider.System, encrypted: true);
        var real = store.Objects.Keys.Single(k => k.StartsWith(KeyFile.Prefix, StringComparison.Ordinal));
        var forged = (KeyFile.Decode(store.Objects[real], real) with { N = 1 << 30, Label = "forged" }).Encode();
        var key = ObjectName.Of(KeyFile.Prefix, forged);
        await store.PutAsync(key, forged, Engine.Cancel);
        using (await BackupRepository.OpenAsync(store, new PassphraseKey(Engine.Passphrase), TimeProvider.System, Engine.Cancel))
        {
        }

        store.Tamper(real, _ => null);
        await Assert.ThrowsAsync<RepositoryDamagedException>(
            () => BackupRepository.OpenAsync(store, new PassphraseKey(Engine.Passphrase), TimeProvider.System, Engine.Cancel));
        store.Tamper(key, _ => null);
        var error = await Assert.ThrowsAsync<UserError>(
            () => BackupRepository.OpenAsync(store, new PassphraseKey(Engine.Passphrase), TimeProvider.System, Engine.Cancel));
        Assert.Equal(ExitCode.WrongKey, error.Code);
        Assert.Contains((await Engine.VerifyAsync(repository)).Damages, d => d.Key == KeyFile.Prefix);
    }

    public void Dispose() => store.Dispose();

    private static Task PutAsync(BackupRepository repository, string prefix, ObjectKind kind, string json) =>
        PutAsync(repository, prefix, kind, Encoding.UTF8.GetBytes(json));

    private static async Task PutAsync(BackupRepository repository, string prefix, ObjectKind kind, byte[] content)
    {
        var bytes = SmallObject.Encode(new WritingSession(repository.Secrets), kind, content);
        await repository.Store.PutAsync(ObjectName.Of(prefix, DateTimeOffset.UtcNow, bytes), bytes, Engine.Cancel);
    }
}
