using KubectlMlopsBackup.Repository;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>
/// The first bytes of a dump in a temporary file: all that <c>pg_restore</c> needs to make tables before, and indexes
/// after the rows. The rows themselves are streamed and never lie on our disk.
/// </summary>
internal sealed class DumpPrefixFile : IDisposable
{
    private const int MaxSize = 1 << 30;

    private DumpPrefixFile(string path, DumpContents contents)
    {
        Path = path;
        Contents = contents;
    }

    public string Path { get; }

    public DumpContents Contents { get; }

    public static async Task<DumpPrefixFile> CreateAsync(
        ClientTools tools, ISnapshotFiles files, CancellationToken cancellationToken)
    {
        await using var dump = await files.OpenAsync(PostgresFiles.Dump, cancellationToken);
        var prefix = new byte[DumpPrefix.FirstSize];
        var length = 0;
        while (true)
        {
            length += await dump.ReadAtLeastAsync(
                prefix.AsMemory(length), prefix.Length - length, throwOnEndOfStream: false, cancellationToken);
            if (await DumpPrefix.ReadAsync(tools, prefix.AsMemory(0, length), cancellationToken) is { } contents)
            {
                return new DumpPrefixFile(await TemporaryFile.WriteAsync(prefix.AsMemory(0, length), cancellationToken), contents);
            }

            if (length < prefix.Length || prefix.Length >= MaxSize)
            {
                throw new InvalidDataException($"pg_restore {tools.Version} cannot read the table of contents of {PostgresFiles.Dump}");
            }

            Array.Resize(ref prefix, prefix.Length * DumpPrefix.Growth);
        }
    }

    public void Dispose() => File.Delete(Path);
}
