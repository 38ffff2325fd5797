using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.Testing;
using Microsoft.Extensions.Time.Testing;

namespace KubectlMlopsBackup.UnitTests.Repository.Storage;

public sealed class DirectoryStoreTests : ObjectStoreConformance, IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("mlopsbackup-store-").FullName;
    private readonly string _root;
    private readonly DirectoryStore _store;

    public DirectoryStoreTests()
    {
        _root = Path.Combine(_parent, "deep", "repository");
        _store = new DirectoryStore(_root);
    }

    protected override bool ChecksOnArrival => false;

    private protected override IObjectStore Store => _store;

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_parent, recursive: true);
    }

    [Fact]
    public async Task Reading_makes_no_folder()
    {
        await _store.SizeAsync("config", Token);
        await ListAsync("");
        await Assert.ThrowsAsync<ObjectNotFoundException>(() => _store.GetAsync("config", 10, Token));
        _store.RemoveStaleTemporaries(TimeProvider.System);
        Assert.True(_store.FreeBytes() > 0);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_parent));
    }

    [Fact]
    public async Task Nobody_else_can_read_a_repository()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes");
            return;
        }

        await _store.PutAsync("packs/aa/b", Bytes(10), Token);

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_root, "packs/aa/b")));
        foreach (var folder in new[] { "", "tmp", "packs", "packs/aa" })
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(Path.Combine(_root, folder)));
        }
    }

    [Fact]
    public async Task No_temporary_file_is_left_by_commit_conflict_or_dispose()
    {
        await _store.PutAsync("a", Bytes(10), Token);
        await _store.PutAsync("a", Bytes(10), Token);
        await Assert.ThrowsAsync<ObjectConflictException>(() => _store.PutAsync("a", Bytes(11), Token));
        await using (var pending = _store.Create())
        {
            pending.Append(Bytes(100));
            Assert.Single(Directory.EnumerateFiles(Path.Combine(_root, "tmp")));
        }

        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_root, "tmp")));
    }

    [Fact]
    public async Task Foreign_files_are_not_listed()
    {
        await _store.PutAsync("packs/aa/b", Bytes(10), Token);
        File.WriteAllText(Path.Combine(_root, "packs", "README.TXT"), "not ours");
        File.WriteAllText(Path.Combine(_root, "packs", "aa", "with space"), "not ours");
        Directory.CreateDirectory(Path.Combine(_root, "lost+found", "a"));
        File.WriteAllText(Path.Combine(_root, "lost+found", "a", "b"), "not ours");
        File.WriteAllText(Path.Combine(_parent, "outside"), "not ours");
        File.CreateSymbolicLink(Path.Combine(_root, "packs", "link"), Path.Combine(_parent, "outside"));
        Directory.CreateSymbolicLink(Path.Combine(_root, "packs", "folder"), _parent);

        Assert.Equal([new StoredObject("packs/aa/b", 10)], await ListAsync(""));
    }

    [Fact]
    public async Task Only_temporary_files_older_than_a_day_are_stale()
    {
        await using var mine = _store.Create();
        mine.Append(Bytes(10));
        var old = Path.Combine(_root, "tmp", "0123456789abcdef");
        File.WriteAllText(old, "left by a crash");
        var time = new FakeTimeProvider(File.GetLastWriteTimeUtc(old).AddHours(23));

        Assert.Equal(0, _store.RemoveStaleTemporaries(time));
        File.SetLastWriteTimeUtc(old, time.GetUtcNow().UtcDateTime.AddHours(-25));
        Assert.Equal(1, _store.RemoveStaleTemporaries(time));

        Assert.False(File.Exists(old));
        await mine.CommitAsync("object", System.Security.Cryptography.SHA256.HashData(Bytes(10)), Token);
        Assert.Equal(10, await _store.SizeAsync("object", Token));
    }

    [Fact]
    public async Task Many_more_files_than_are_kept_open_can_be_read_at_once()
    {
        for (var i = 0; i < 100; i++)
        {
            await _store.PutAsync($"packs/{i:x2}", Bytes(100 + i), Token);
        }

        await Parallel.ForAsync(0, 2000, Token, async (i, token) =>
        {
            var expected = Bytes(100 + i % 100);
            var buffer = new byte[expected.Length];
            Assert.Equal(expected.Length, await _store.ReadAsync($"packs/{i % 100:x2}", 0, buffer, token));
            Assert.Equal(expected, buffer);
        });
        var open = Directory.EnumerateFileSystemEntries("/proc/self/fd")
            .Count(fd => new FileInfo(fd).LinkTarget?.StartsWith(_root, StringComparison.Ordinal) == true);
        Assert.InRange(open, 1, 32);
    }

    [Fact]
    public async Task Folders_that_were_removed_meanwhile_are_made_again()
    {
        await _store.PutAsync("packs/aa/b", Bytes(10), Token);
        Directory.Delete(_root, recursive: true);

        await _store.PutAsync("packs/aa/b", Bytes(10), Token);

        Assert.Equal(10, await _store.SizeAsync("packs/aa/b", Token));
    }

    [Fact]
    public void A_file_in_the_place_of_the_repository_is_no_success()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root)!);
        File.WriteAllText(_root, "in the way");

        Assert.ThrowsAny<IOException>(_store.Create);
    }

    [Theory]
    [InlineData(28, "no space left", "bytes free")]
    [InlineData(122, "quota", "bytes free")]
    [InlineData(30, "read-only", "/some/path")]
    public void What_the_user_can_mend_is_explained(int errno, string what, string detail)
    {
        var explained = DirectoryErrors.Explain(new IOException("it failed", errno), "/some/path", "writing to", 12345);

        Assert.NotNull(explained);
        Assert.Contains(what, explained.Message, StringComparison.Ordinal);
        Assert.Contains(detail, explained.Message, StringComparison.Ordinal);
        Assert.Contains("/some/path", explained.Message, StringComparison.Ordinal);
        Assert.NotNull(explained.Fix);
    }

    [Fact]
    public void Other_failures_are_not_blamed_on_the_user() =>
        Assert.Null(DirectoryErrors.Explain(new IOException("input/output error", 5), "/some/path", "writing to", 1));
}
