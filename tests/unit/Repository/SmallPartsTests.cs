using System.Text;
using CsCheck;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Writing;
using KubectlMlopsBackup.Sources.Artifacts;

namespace KubectlMlopsBackup.UnitTests.Repository;

public sealed class SmallPartsTests
{
    private const string Id = "0123456789abcdef0123456789abcdef";

    [Fact]
    public void A_key_has_its_time_and_keys_sort_by_it() => Gen.Select(Gen.Long[0, 253402300799], Gen.Long[0, 253402300799], Gen.Byte.Array[0, 9]).Sample(
        (left, right, content) =>
        {
            var times = new[] { left, right }.Order().Select(DateTimeOffset.FromUnixTimeSeconds).ToArray();
            var keys = times.Select(t => ObjectName.Of("snapshots/", t.ToOffset(TimeSpan.FromHours(5)), content)).ToArray();
            return ObjectName.TimeOf(keys[0]) == times[0] && ObjectName.TimeOf(keys[1]) == times[1]
                && (left == right || string.CompareOrdinal(keys[0], keys[1]) < 0)
                && KubectlMlopsBackup.Repository.Storage.ObjectKey.IsValid(keys[0]);
        });

    [Theory]
    [InlineData("leases/20261124t020000z")]
    [InlineData("leases/20261324t020000z-00")]
    [InlineData("leases/20261124T020000Z-00")]
    [InlineData("leases/")]
    [InlineData("")]
    public void What_has_no_time_has_none(string key) => Assert.Null(ObjectName.TimeOf(key));

    [Fact]
    public async Task A_key_file_opens_with_its_passphrase_in_its_repository_and_not_otherwise()
    {
        var secrets = RepositorySecrets.Create(true, null);
        var bytes = (await new PassphraseKey("pässphrase").WrapAsync(secrets, Id, "me", DateTimeOffset.UnixEpoch, Engine.Cancel)).Encode();
        var key = ObjectName.Of(KeyFile.Prefix, bytes);
        var file = KeyFile.Decode(bytes, key);
        var opened = await new PassphraseKey("pässphrase").UnwrapAsync(file, Id, key, Engine.Cancel);
        Assert.NotNull(opened);
        Assert.Equal(secrets.DataKey, opened.DataKey);
        Assert.Equal(secrets.Seed, opened.Seed);
        Assert.Null(await new PassphraseKey("passphrase").UnwrapAsync(file, Id, key, Engine.Cancel));
        Assert.Null(await new PassphraseKey("pässphrase ").UnwrapAsync(file, Id, key, Engine.Cancel));
        Assert.Null(await new PassphraseKey("pässphrase").UnwrapAsync(file, "f" + Id[1..], key, Engine.Cancel));
        var text = Encoding.UTF8.GetString(bytes);
        Assert.DoesNotContain(Convert.ToHexStringLower(secrets.DataKey!), text);
        Assert.DoesNotContain(Convert.ToHexStringLower(secrets.Seed), text);
        Assert.Throws<RepositoryDamagedException>(() => KeyFile.Decode([.. bytes, (byte)' '], key));
    }

    [Theory]
    [InlineData(1 << 30, 8, 1)]
    [InlineData(1 << 20, 64, 1)]
    [InlineData(1 << 16, 8, 100)]
    [InlineData(65535, 8, 1)]
    [InlineData(-65536, 8, 1)]
    [InlineData(1 << 16, 0, 1)]
    [InlineData(1 << 16, 8, -1)]
    [InlineData(1 << 16, int.MaxValue, int.MaxValue)]
    [InlineData(2, 8, 1)]
    public async Task A_key_file_that_asks_for_too_much_work_or_too_little_is_refused(int n, int r, int p)
    {
        var file = Forged() with { N = n, R = r, P = p };
        await Assert.ThrowsAsync<RepositoryDamagedException>(() => new PassphraseKey("x").UnwrapAsync(file, Id, "keys/x", Engine.Cancel));
    }

    [Fact]
    public async Task A_key_file_of_other_nonsense_is_refused()
    {
        var good = Forged();
        foreach (var file in new[]
        {
            good with { Sealed = "zz" }, good with { Sealed = "00" }, good with { Nonce = "00" },
            good with { Salt = "not hex" }, good with { Sealed = "" }, good with { N = null },
        })
        {
            await Assert.ThrowsAsync<RepositoryDamagedException>(() => new PassphraseKey("x").UnwrapAsync(file, Id, "keys/x", Engine.Cancel));
        }

        var nothing = Encoding.UTF8.GetBytes("{\"kdf\":null}");
        Assert.Throws<RepositoryDamagedException>(() => KeyFile.Decode(nothing, ObjectName.Of(KeyFile.Prefix, nothing)));
    }

    [Fact]
    public async Task A_pool_never_makes_more_slabs_than_it_may_have()
    {
        var pool = new SlabPool(3, 16);
        var seen = new HashSet<Slab>(ReferenceEqualityComparer.Instance);
        var rented = 0;
        var most = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 2000), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, token) =>
        {
            var slab = await pool.RentAsync(token);
            var now = Interlocked.Increment(ref rented);
            lock (seen)
            {
                seen.Add(slab);
                most = Math.Max(most, now);
            }

            slab.AddReference();
            slab.Release();
            await Task.Yield();
            Interlocked.Decrement(ref rented);
            slab.Release();
        });
        Assert.InRange(seen.Count, 1, 3);
        Assert.InRange(most, 1, 3);
    }

    [Theory]
    [InlineData("*.bin", "a/b.bin", true)]
    [InlineData("*.bin", "a.bin/b", true)]
    [InlineData("*.bin", "a/b.bin2", false)]
    [InlineData("a/*", "a/b/c", true)]
    [InlineData("a/*.txt", "a/b/c.txt", false)]
    [InlineData("a/**/c", "a/c", true)]
    [InlineData("a/**/c", "a/x/y/c", true)]
    [InlineData("a/**/c", "b/a/c", false)]
    [InlineData("**/c", "c", true)]
    [InlineData("/a/", "a", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "aéc", true)]
    [InlineData("a?c", "a日c", true)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("a?c", "ac", false)]
    [InlineData("a+(b).[c]", "a+(b).[c]", true)]
    [InlineData("a+(b).[c]", "aa(b).c", false)]
    [InlineData("weights", "weights\n", false)]
    [InlineData("weig*", "weig\nhts", true)]
    [InlineData("Weights", "weights", false)]
    public void A_pattern_fits_what_it_should(string pattern, string path, bool fits)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        Assert.Equal(fits, new PathFilter([pattern], []).Selects(bytes));
        Assert.Equal(fits, new PathFilter([], [pattern]).Excludes(bytes));
        Assert.Equal(!fits, new PathFilter([], [pattern]).Selects(bytes));
        Assert.False(new PathFilter([pattern], [pattern]).Selects(bytes));
    }

    [Fact]
    public void A_path_fits_itself_as_a_pattern_and_takes_along_what_is_below() => Gen.Byte.Array[1, 12].Array[1, 4].Sample(
        parts =>
        {
            var path = Encoding.Latin1.GetBytes(string.Join('/', parts.Select(p => Convert.ToHexString(p))));
            var filter = new PathFilter([Encoding.Latin1.GetString(path)], []);
            return filter.Selects(path) && filter.Selects([.. path, .. "/below"u8]) && !filter.Selects([.. path, (byte)'x']);
        },
        iter: 200);

    private static KeyFile Forged() => new()
    {
        Kdf = "scrypt",
        N = 1024,
        R = 1,
        P = 1,
        Salt = new string('0', 32),
        Nonce = new string('0', 24),
        Sealed = new string('0', 160),
        Label = "l",
        Created = DateTimeOffset.UnixEpoch,
    };
}
