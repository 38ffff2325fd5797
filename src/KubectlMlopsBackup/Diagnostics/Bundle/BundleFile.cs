using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace KubectlMlopsBackup.Diagnostics.Bundle;

/// <summary>A tar.gz of text files, readable by its owner alone. What is not disposed of in good order leaves no file.</summary>
internal sealed class BundleFile : IAsyncDisposable
{
    private readonly string path;
    private readonly TarWriter tar;
    private readonly DateTimeOffset time;

    private BundleFile(string path, TarWriter tar, DateTimeOffset time)
    {
        this.path = path;
        this.tar = tar;
        this.time = time;
    }

    public int Count { get; private set; }

    /// <exception cref="UserError">The file is there already, or cannot be made.</exception>
    public static BundleFile Create(string path, DateTimeOffset time)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            return new BundleFile(path, new TarWriter(new GZipStream(new FileStream(path, options), CompressionLevel.Optimal), TarEntryFormat.Pax), time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"--bundle {path}: {e.Message}", "name a file that is not there yet, in a folder that you may write to", ExitCode.Usage, e);
        }
    }

    /// <param name="name">With forward slashes.</param>
    /// <param name="text">Without secrets: nothing is taken out here.</param>
    public async Task AddAsync(string name, string text, CancellationToken cancellationToken)
    {
        var entry = new PaxTarEntry(TarEntryType.RegularFile, $"mlopsbackup/{name}")
        {
            DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)),
            ModificationTime = time,
            Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await tar.WriteEntryAsync(entry, cancellationToken);
        Count++;
    }

    public ValueTask DisposeAsync() => tar.DisposeAsync();

    public void Drop() => File.Delete(path);
}
