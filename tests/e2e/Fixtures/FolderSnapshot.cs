using KubectlMlopsBackup.Repository;

namespace KubectlMlopsBackup.EndToEndTests.Fixtures;

/// <summary>A snapshot in a temporary folder: a source is tested without a repository.</summary>
internal sealed class FolderSnapshot : ISnapshotSink, ISnapshotFiles, IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("mlopsbackup-snapshot-").FullName;

    /// <summary>Called before a file's content is read, and with its path and size after each block.</summary>
    public Func<string, long, Task>? OnWrite { get; set; }

    /// <summary>Lets a test damage or hold up what is read back.</summary>
    public Func<string, Stream, Stream>? OnOpen { get; set; }

    public async Task<StoredFile> WriteFileAsync(string path, Stream content, CancellationToken cancellationToken)
    {
        await using var file = File.Create(Path.Combine(root, path + ".part"));
        var buffer = new byte[128 << 10];
        var size = 0L;
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            size += read;
            if (OnWrite is not null)
            {
                await OnWrite(path, size);
            }
        }

        File.Move(Path.Combine(root, path + ".part"), Path.Combine(root, path));
        return new StoredFile(size);
    }

    public Task<Stream> OpenAsync(string path, CancellationToken cancellationToken)
    {
        Stream stream = File.OpenRead(Path.Combine(root, path));
        return Task.FromResult(OnOpen is null ? stream : OnOpen(path, stream));
    }

    public long? SizeOf(string path) => File.Exists(PathOf(path)) ? new FileInfo(PathOf(path)).Length : null;

    public string PathOf(string path) => Path.Combine(root, path);

    public string[] Files => [.. Directory.GetFiles(root).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(root, recursive: true);
}
