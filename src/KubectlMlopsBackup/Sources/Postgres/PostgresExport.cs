using KubectlMlopsBackup.Repository;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>A snapshot as plain SQL, such as <c>psql</c> takes.</summary>
internal static class PostgresExport
{
    private const int BufferSize = 1 << 20;

    /// <param name="files">The snapshot.</param>
    /// <param name="clientToolsDirectory">As in <see cref="PostgresSettings"/>; no server is needed.</param>
    /// <param name="noOwner">Leaves out owners and grants.</param>
    /// <param name="destination">Gets the SQL, and is left open. What it got before an exception is not complete.</param>
    /// <param name="progress">Told of the bytes of the dump read.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="UserError">No fitting client tools, or they fail.</exception>
    public static async Task WriteSqlAsync(
        ISnapshotFiles files,
        string? clientToolsDirectory,
        bool noOwner,
        Stream destination,
        IProgress<PostgresProgress>? progress,
        CancellationToken cancellationToken)
    {
        var facts = await PostgresFacts.ReadAsync(files, cancellationToken);
        var tools = await ClientToolsFinder.FindAsync(ClientTools.MajorOf(facts.ClientVersion), clientToolsDirectory, cancellationToken);
        List<string> arguments = ["--file=-"];
        arguments.AddRange(noOwner ? ["--no-owner", "--no-privileges"] : []);
        await using var child = ChildProcess.Start(tools.PgRestore, arguments, new Dictionary<string, string> { ["LC_ALL"] = "C" });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var registration = stop.Token.Register(child.Kill);
        var reading = child.Output.CopyToAsync(destination, BufferSize, stop.Token);
        var ending = child.WaitAsync(stop.Token);
        await FirstFailure.OrAllAsync([FeedAsync(files, child, progress, stop.Token), reading, ending], [], stop);
        var exitCode = await ending;
        if (exitCode != 0 || child.ErrorLines.Count > 0)
        {
            throw new UserError($"pg_restore could not turn the dump into SQL: {string.Join("; ", child.ErrorLines)} (exit code {exitCode})");
        }
    }

    private static async Task FeedAsync(
        ISnapshotFiles files, ChildProcess child, IProgress<PostgresProgress>? progress, CancellationToken cancellationToken)
    {
        var size = files.SizeOf(PostgresFiles.Dump);
        await using var dump = await files.OpenAsync(PostgresFiles.Dump, cancellationToken);
        var buffer = new byte[BufferSize];
        var total = 0L;
        int read;
        while ((read = await dump.ReadAsync(buffer, cancellationToken)) > 0)
        {
            try
            {
                await child.Input.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
            catch (IOException)
            {
                // Gone, or it needs no more: its exit code tells.
                break;
            }

            total += read;
            progress?.Report(new PostgresProgress("export", total, size));
        }

        child.CloseInput();
    }
}
