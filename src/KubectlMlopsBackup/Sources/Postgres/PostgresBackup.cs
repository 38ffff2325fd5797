using System.Globalization;
using System.IO.Pipelines;
using KubectlMlopsBackup.Mlflow;
using KubectlMlopsBackup.Repository;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>
/// Writes one database into a snapshot: its dump, its globals, the artifact URIs it names, and facts about it,
/// all of one instant but for the globals, which know no snapshots.
/// </summary>
internal sealed class PostgresBackup(
    PostgresSettings settings, ISnapshotSink sink, IProgress<PostgresProgress>? progress, TimeProvider time, Func<PostgresFacts, PostgresFacts>? adjust)
{
    private readonly List<string> warnings = [];

    /// <param name="adjust">Changes the facts before they are written; null leaves them.</param>
    /// <returns>What was written as <c>facts.json</c>.</returns>
    /// <exception cref="UserError">The server, the network, the rights or the tools do not do.</exception>
    public static async Task<PostgresFacts> RunAsync(
        PostgresSettings settings,
        ISnapshotSink sink,
        IProgress<PostgresProgress>? progress,
        TimeProvider time,
        CancellationToken cancellationToken,
        Func<PostgresFacts, PostgresFacts>? adjust = null)
    {
        try
        {
            return await new PostgresBackup(settings, sink, progress, time, adjust).RunAsync(cancellationToken);
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException or TimeoutException)
        {
            throw PostgresErrors.Explain(e, settings);
        }
    }

    private async Task<PostgresFacts> RunAsync(CancellationToken cancellationToken)
    {
        await using var snapshot = await SnapshotConnection.OpenAsync(settings, cancellationToken);
        var facts = await FactsReader.ReadAsync(snapshot.Connection, cancellationToken);
        var tools = await ClientToolsFinder.FindAsync(facts.ServerMajor, settings.ClientToolsDirectory, cancellationToken);
        var (globals, warning) = await Globals.ReadAsync(snapshot.Connection, settings, tools, cancellationToken);
        if (warning is not null)
        {
            warnings.Add(warning);
        }

        await sink.WriteFileAsync(PostgresFiles.Globals, new MemoryStream(globals, writable: false), cancellationToken);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var keepAlive = snapshot.KeepAliveAsync(time, stop.Token);
        var dump = DumpAsync(snapshot.Id, tools, facts, stop.Token);
        var read = ReadAsync(snapshot, stop.Token);
        await FirstFailure.OrAllAsync([dump, read], [keepAlive], stop);

        var (stored, contents) = await dump;
        var (tables, counts, uris) = await read;
        Compare(contents, tables);
        facts = facts with
        {
            ClientVersion = tools.Version,
            Tables = counts,
            DumpBytes = stored.Size,
            ArtifactUris = uris,
            Warnings = warnings,
        };
        facts = adjust?.Invoke(facts) ?? facts;
        await sink.WriteFileAsync(PostgresFiles.Facts, new MemoryStream(facts.ToJson(), writable: false), cancellationToken);
        return facts;
    }

    private async Task<(StoredFile Stored, DumpContents Contents)> DumpAsync(
        string snapshotId, ClientTools tools, PostgresFacts facts, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "--format=custom", "--compress=0", $"--snapshot={snapshotId}", "--no-password",
            string.Create(CultureInfo.InvariantCulture, $"--lock-wait-timeout={(long)settings.LockTimeout.TotalMilliseconds}"),
        ];
        await using var child = ChildProcess.Start(
            tools.PgDump, arguments, PostgresConnections.Environment(settings, settings.Database));
        child.CloseInput();
        await using var stream = new PgDumpStream(
            child,
            tools,
            settings,
            bytes => progress?.Report(new PostgresProgress("dump", bytes, facts.Database.SizeBytes)));
        var stored = await sink.WriteFileAsync(PostgresFiles.Dump, stream, cancellationToken);
        return (stored, stream.Contents ?? throw new InvalidOperationException("the sink did not read the dump to its end"));
    }

    private async Task<(List<CountedTable> Tables, List<TableRows> Counts, long ArtifactUris)> ReadAsync(
        SnapshotConnection snapshot, CancellationToken cancellationToken)
    {
        await using var connection = await snapshot.AttachAsync(settings, cancellationToken);
        var pipe = new Pipe();
        var storing = StoreAsync(pipe.Reader, cancellationToken);
        var uris = 0L;
        try
        {
            uris = await ArtifactReferences.WriteAsync(connection, pipe.Writer, cancellationToken);
            await pipe.Writer.CompleteAsync();
        }
        catch (Exception e)
        {
            await pipe.Writer.CompleteAsync(e);
            await storing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await storing;
        var tables = await RowCounts.TablesAsync(connection, cancellationToken);
        return (tables, await RowCounts.CountAsync(connection, tables, cancellationToken), uris);
    }

    private async Task StoreAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        await using var stream = reader.AsStream();
        await sink.WriteFileAsync(PostgresFiles.ArtifactUris, stream, cancellationToken);
    }

    /// <summary>pg_dump decides by itself which tables it dumps: what was counted and what was dumped must be the same.</summary>
    private void Compare(DumpContents contents, List<CountedTable> tables)
    {
        var dumped = contents.TableData;
        var missing = tables.Where(t => !dumped.Contains(t.Oid)).Select(t => $"{t.Schema}.{t.Table}").ToList();
        if (missing.Count > 0)
        {
            throw new UserError(
                $"pg_dump left out the rows of {string.Join(", ", missing.Take(10))}{(missing.Count > 10 ? ", …" : "")} ({settings})",
                "this should not happen: please report it with the output of \\d+ for one of them");
        }

        if (dumped.Count > tables.Count)
        {
            warnings.Add($"the dump has the rows of {dumped.Count} tables, of which {tables.Count} were counted");
        }
    }
}
