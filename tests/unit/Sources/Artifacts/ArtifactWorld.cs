using System.Security.Cryptography;
using System.Text;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Index;
using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.Repository.Writing;
using KubectlMlopsBackup.Seed.Checksums;
using KubectlMlopsBackup.Sources.Artifacts;
using KubectlMlopsBackup.Sources.Artifacts.Backup;
using KubectlMlopsBackup.Sources.Artifacts.Posix;
using KubectlMlopsBackup.Sources.Artifacts.Restore;
using KubectlMlopsBackup.Testing;

namespace KubectlMlopsBackup.UnitTests.Sources.Artifacts;

/// <summary>A folder of artifacts, a repository in memory, and what a test does with them.</summary>
internal sealed class ArtifactWorld : IDisposable
{
    public const string Passphrase = "correct horse";

    private readonly string root = Directory.CreateTempSubdirectory("mlopsbackup-test-").FullName;

    private ArtifactWorld(BackupRepository repository, IObjectStore store)
    {
        Repository = repository;
        Store = store;
        Source = Path.Combine(root, "source");
        Target = Path.Combine(root, "target");
        Directory.CreateDirectory(Source);
    }

    public BackupRepository Repository { get; }

    public IObjectStore Store { get; }

    public string Source { get; }

    public string Target { get; }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<ArtifactWorld> CreateAsync(bool encrypted = false, IObjectStore? store = null)
    {
        store ??= new MemoryStore();
        return new ArtifactWorld(
            await BackupRepository.CreateAsync(store, encrypted ? new PassphraseKey(Passphrase) : null, null, TimeProvider.System, Cancel),
            store);
    }

    public string Write(string path, byte[] content)
    {
        var full = Path.Combine(Source, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllBytes(full, content);
        // Long ago, so that it may be taken as unchanged (see DirectoryWalk.TooRecent).
        File.SetLastWriteTimeUtc(full, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        return full;
    }

    public static byte[] Random(int length) => RandomNumberGenerator.GetBytes(length);

    public async Task<BackupResult> BackUpAsync(
        bool forceRead = false, bool allowEmpty = false, WriterOptions? options = null, TimeProvider? walkClock = null, bool allowEmptyAtFirst = false)
    {
        // A walk that lives an hour later takes every file as settled.
        using var source = new DirectorySource(
            Source, PathFilter.Everything, walkClock ?? new OffsetClock(TimeSpan.FromHours(1)));
        var backup = new ArtifactBackup(
            Repository,
            source,
            new ArtifactBackupOptions { Plan = "test", ForceRead = forceRead, AllowEmpty = allowEmpty, AllowEmptyAtFirst = allowEmptyAtFirst },
            new BackupCounters());
        return await backup.RunAsync(options ?? WriterOptions.Default, Cancel);
    }

    public async Task<RestoreReport> RestoreAsync(Snapshot snapshot, RestoreOptions? options = null, string? target = null)
    {
        var loaded = await IndexLoader.LoadAsync(Repository, Cancel);
        using var reader = new ChunkReader(Repository, loaded.Index);
        var restore = new ArtifactRestore(
            reader, snapshot, target ?? Target, options ?? new RestoreOptions(), new RestoreCounters(), TimeProvider.System);
        return await restore.RunAsync(Cancel);
    }

    public void AssertRestoredEqual() =>
        Assert.Equal(TreeChecksum.Of(Source, contentOnly: false, Cancel), TreeChecksum.Of(Target, contentOnly: false, Cancel));

    public void Dispose()
    {
        Repository.Dispose();
        // Names that are not UTF-8 are out of .NET's reach.
        using var parent = Descriptor.OpenRoot(Path.GetDirectoryName(root)!);
        DirectoryRemoval.Run(parent, Encoding.UTF8.GetBytes(Path.GetFileName(root)));
    }
}
