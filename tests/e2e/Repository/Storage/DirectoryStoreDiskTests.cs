using KubectlMlopsBackup.EndToEndTests.Fixtures;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.EndToEndTests.Repository.Storage;

/// <summary>A directory store on a disk that will not take any more.</summary>
public sealed class DirectoryStoreDiskTests
{
    private static readonly byte[] Piece = new byte[1024 * 1024];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_disk_is_told_and_hurts_nothing_that_was_committed()
    {
        using var disk = TemporaryFileSystem.Mount(mebibytes: 4);
        using var store = new DirectoryStore(Path.Combine(disk.Path, "repository"));
        await store.PutAsync("packs/a", Piece, Token);

        await using (var pending = store.Create())
        {
            var error = Assert.Throws<UserError>(() =>
            {
                for (var i = 0; i < 10; i++)
                {
                    pending.Append(Piece);
                }
            });
            Assert.Contains("no space left", error.Message, StringComparison.Ordinal);
            Assert.Contains(disk.Path, error.Message, StringComparison.Ordinal);
            Assert.Contains("bytes free", error.Message, StringComparison.Ordinal);
            Assert.NotNull(error.Fix);
        }

        Assert.Equal(Piece, await store.GetAsync("packs/a", Piece.Length, Token));
        Assert.Equal([new StoredObject("packs/a", Piece.Length)], await store.ListAsync("", Token).ToListAsync(Token));
        await store.PutAsync("packs/b", Piece, Token);
    }

    [Fact]
    public async Task A_read_only_file_system_can_be_read_and_says_what_it_is()
    {
        using var disk = TemporaryFileSystem.Mount(mebibytes: 4);
        using (var writer = new DirectoryStore(disk.Path))
        {
            await writer.PutAsync("packs/a", Piece, Token);
        }

        disk.MakeReadOnly();
        using var store = new DirectoryStore(disk.Path);

        Assert.Equal(Piece, await store.GetAsync("packs/a", Piece.Length, Token));
        Assert.Contains("read-only", (await Assert.ThrowsAsync<UserError>(() => store.PutAsync("b", Piece, Token))).Message, StringComparison.Ordinal);
        Assert.Contains("read-only", (await Assert.ThrowsAsync<UserError>(() => store.DeleteAsync("packs/a", Token))).Message, StringComparison.Ordinal);
    }
}
