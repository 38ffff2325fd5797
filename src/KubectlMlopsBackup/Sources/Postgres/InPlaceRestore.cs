using KubectlMlopsBackup.Mlflow;
using KubectlMlopsBackup.Repository;
using Npgsql;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>
/// Restores into the live database, in one transaction: <c>pg_restore --clean</c> makes the SQL, <c>psql</c> runs it.
/// Whatever goes wrong, also the end of this process, leaves everything as it was.
/// </summary>
internal sealed class InPlaceRestore(
    PostgresSettings settings, ISnapshotFiles files, PostgresRestoreOptions options, IProgress<PostgresProgress>? progress)
{
    private const int BufferSize = 1 << 20;
    private const int HeadSize = 16 << 10;

    public static async Task<PostgresRestoreReport> RunAsync(
        PostgresSettings settings,
        ISnapshotFiles files,
        PostgresRestoreOptions options,
        IProgress<PostgresProgress>? progress,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var target = options.TargetDatabase ?? settings.Database;
        var clock = new PhaseClock(time, progress);
        var facts = await PostgresFacts.ReadAsync(files, cancellationToken);
        var rewrite = await ArtifactRewrite.PrepareAsync(options.ArtifactMap, files, PostgresFiles.ArtifactUris, cancellationToken);
        await using var connection = await PostgresConnections.OpenAsync(settings, target, cancellationToken);
        var preflight = new RestorePreflight(connection, facts, options, settings.User);
        await preflight.CheckServerAsync(cancellationToken);
        var present = await RowCounts.TablesAsync(connection, cancellationToken);
        var known = facts.Tables.Select(t => (t.Schema, t.Table)).ToHashSet();
        var others = present.Where(t => !known.Contains((t.Schema, t.Table))).Select(t => $"{t.Schema}.{t.Table}").ToList();
        var tools = await ClientToolsFinder.FindAsync(
            preflight.ServerVersionNumber / 10000, settings.ClientToolsDirectory, cancellationToken);
        var restore = new InPlaceRestore(settings with { Database = target }, files, options, progress);
        var rewritten = await clock.RunAsync(
            "in-place", () => restore.RunAsync(connection, tools, preflight, facts, present, rewrite, others, cancellationToken));
        var analysis = await clock.RunAsync("check", async () =>
        {
            await using var analyzing = await PostgresConnections.OpenAsync(settings, target, cancellationToken);
            return await RestoreCheck.AnalyzeAsync(analyzing, cancellationToken);
        });
        List<string> warnings = analysis is null ? [] : [analysis];
        warnings.AddRange(rewrite?.Warnings ?? []);
        if (others.Count > 0)
        {
            warnings.Add($"tables that are not in the backup were left as they are: {string.Join(", ", others)}");
        }

        return new PostgresRestoreReport
        {
            Database = target,
            InPlace = true,
            // The counts were checked inside the transaction, which would not have been committed otherwise.
            Tables = [.. facts.Tables.Select(t => new RestoredTable(t.Schema, t.Table, t.Rows, t.Rows))],
            RewrittenColumns = rewritten,
            Phases = clock.Phases,
            BenignMessages = [],
            Warnings = warnings,
        };
    }

    /// <returns>Null where there is nothing to rewrite.</returns>
    private async Task<IReadOnlyList<RewrittenColumn>?> RunAsync(
        NpgsqlConnection connection,
        ClientTools tools,
        RestorePreflight preflight,
        PostgresFacts facts,
        List<CountedTable> present,
        ArtifactRewrite? rewrite,
        List<string> others,
        CancellationToken cancellationToken)
    {
        var list = await ListFileAsync(connection, tools, cancellationToken);
        try
        {
            List<string> arguments = ["--clean", "--if-exists", $"--use-list={list}", "--file=-"];
            arguments.AddRange(options.NoOwner ? ["--no-owner", "--no-privileges"] : []);
            arguments.AddRange(preflight.MissingTablespaces.Count > 0 ? ["--no-tablespaces"] : []);
            await using var psql = ChildProcess.Start(
                tools.Psql,
                ["--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--file=-"],
                PostgresConnections.Environment(settings, settings.Database, "-c client_min_messages=warning"));
            await using var restore = ChildProcess.Start(tools.PgRestore, arguments, new Dictionary<string, string> { ["LC_ALL"] = "C" });
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await using var registration = stop.Token.Register(() =>
            {
                // Before its input ends, so that it cannot take the end for the end of the script.
                psql.Kill();
                restore.Kill();
            });
            var said = new StreamReader(psql.Output).ReadToEndAsync(CancellationToken.None);
            var lockable = present.Select(t => $"{Sql.Identifier(t.Schema)}.{Sql.Identifier(t.Table)}").ToList();
            var begin = InPlaceScript.Begin(lockable, settings.LockTimeout)
                + (options.NoOwner ? "" : await DefaultPrivileges.ResetSqlAsync(connection, cancellationToken));
            var writing = WriteAsync(psql, restore, tools.Major > preflight.ServerVersionNumber / 10000, begin, InPlaceScript.End(facts.Tables, rewrite, others), stop.Token);
            await FirstFailure.OrAllAsync([FeedAsync(restore, stop.Token), writing, CommittedAsync(psql, said, stop.Token)], [], stop);
            return rewrite is null ? null : Rewritten(await said);
        }
        finally
        {
            File.Delete(list);
        }
    }

    private async Task CommittedAsync(ChildProcess psql, Task<string> said, CancellationToken cancellationToken)
    {
        var exitCode = await psql.WaitAsync(cancellationToken);
        if (exitCode != 0 || !(await said).Contains(InPlaceScript.Committed, StringComparison.Ordinal))
        {
            throw Failed(psql, exitCode);
        }
    }

    private static IReadOnlyList<RewrittenColumn> Rewritten(string said) => ArtifactRewrite.Read(
        said.Split('\n').Last(l => l.StartsWith(InPlaceScript.Rewritten, StringComparison.Ordinal))[InPlaceScript.Rewritten.Length..]);

    private UserError Failed(ChildProcess psql, int exitCode) =>
        psql.ErrorLines.Select(ArtifactRewrite.Refusal).FirstOrDefault(r => r is not null)
        ?? PostgresErrors.ExplainTool("psql", psql.ErrorLines, exitCode, settings);

    /// <summary>Extensions that are there already are left alone: dropping them needs their owner, and would take columns of
    /// their types along.</summary>
    private async Task<string> ListFileAsync(NpgsqlConnection connection, ClientTools tools, CancellationToken cancellationToken)
    {
        using var prefix = await DumpPrefixFile.CreateAsync(tools, files, cancellationToken);
        var installed = (await connection.ListAsync("SELECT extname::text FROM pg_extension", r => r.GetString(0), cancellationToken)).ToHashSet();
        var lines = prefix.Contents.Entries
            .Where(e => !installed.Any(i => e.Text.TrimEnd() == $"EXTENSION - {i}" || e.Text.TrimEnd() == $"COMMENT - EXTENSION {i}"))
            .Select(e => e.Line + "\n");
        return await TemporaryFile.WriteAsync(System.Text.Encoding.UTF8.GetBytes(string.Concat(lines)), cancellationToken);
    }

    private async Task FeedAsync(ChildProcess restore, CancellationToken cancellationToken)
    {
        var size = files.SizeOf(PostgresFiles.Dump);
        var total = 0L;
        await using var dump = await files.OpenAsync(PostgresFiles.Dump, cancellationToken);
        var buffer = new byte[BufferSize];
        int read;
        while ((read = await dump.ReadAsync(buffer, cancellationToken)) > 0)
        {
            try
            {
                await restore.Input.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
            catch (IOException)
            {
                // pg_restore is gone or needs no more: its exit code tells.
                break;
            }

            total += read;
            progress?.Report(new PostgresProgress("in-place", total, size));
        }

        restore.CloseInput();
    }

    private async Task WriteAsync(
        ChildProcess psql, ChildProcess restore, bool newerTools, string begin, string end, CancellationToken cancellationToken)
    {
        try
        {
            await WriteTextAsync(psql, begin, cancellationToken);
            var buffer = new byte[BufferSize];
            var head = await restore.Output.ReadAtLeastAsync(buffer, HeadSize, throwOnEndOfStream: false, cancellationToken);
            await psql.Input.WriteAsync(
                newerTools ? InPlaceScript.WithoutNewSettings(buffer.AsSpan(0, head)) : buffer.AsMemory(0, head), cancellationToken);
            int read;
            while ((read = await restore.Output.ReadAsync(buffer, cancellationToken)) > 0)
            {
                await psql.Input.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            var exitCode = await restore.WaitAsync(cancellationToken);
            if (exitCode != 0 || restore.ErrorLines.Count > 0)
            {
                throw PostgresErrors.ExplainTool("pg_restore", restore.ErrorLines, exitCode, settings);
            }

            await WriteTextAsync(psql, end, cancellationToken);
            psql.CloseInput();
        }
        catch (IOException) when (!cancellationToken.IsCancellationRequested)
        {
            // psql stops reading at the first error; what it said is the reason, and nothing was committed.
            var exitCode = await psql.WaitAsync(cancellationToken);
            throw Failed(psql, exitCode);
        }
    }

    private static async Task WriteTextAsync(ChildProcess psql, string text, CancellationToken cancellationToken)
    {
        await psql.Input.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), cancellationToken);
        await psql.Input.FlushAsync(cancellationToken);
    }
}
