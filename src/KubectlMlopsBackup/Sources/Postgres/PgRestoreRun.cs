using System.Globalization;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>Runs <c>pg_restore</c> into a database, and reads every word it says.</summary>
internal sealed class PgRestoreRun(ClientTools tools, PostgresSettings settings, string database, PostgresRestoreOptions options, bool noTablespaces)
{
    private const int BufferSize = 1 << 20;

    /// <summary>What it said in all runs that does no harm.</summary>
    public List<string> Benign { get; } = [];

    /// <param name="section"><c>pre-data</c>, <c>data</c> or <c>post-data</c>.</param>
    /// <param name="file">To read the dump from; null takes <paramref name="input"/>.</param>
    /// <param name="input">The whole dump.</param>
    /// <param name="onProgress">Called with the bytes of it read so far.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="UserError">It said something that is not known to be benign.</exception>
    public async Task RunAsync(
        string section, string? file, Stream? input, Action<long>? onProgress, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var broken = false;
        await using var child = ChildProcess.Start(
            tools.PgRestore,
            Arguments(section, file),
            PostgresConnections.Environment(settings, database, SessionOptions),
            line =>
            {
                lines.Add(line);
                if (!broken && PgRestoreErrors.CannotBeBenign(line))
                {
                    broken = true;
                    // The lines that explain it come right behind it.
                    stop.CancelAfter(TimeSpan.FromMilliseconds(500));
                }
            });
        try
        {
            if (input is not null)
            {
                await FeedAsync(child, input, onProgress, stop.Token);
            }

            child.CloseInput();
            var exitCode = await child.WaitAsync(stop.Token);
            Judge(lines, exitCode);
        }
        catch (OperationCanceledException) when (broken && !cancellationToken.IsCancellationRequested)
        {
            child.Kill();
            await child.WaitAsync(cancellationToken);
            Judge(lines, 1);
        }
    }

    private string SessionOptions => "-c synchronous_commit=off"
        + (options.MaintenanceWorkMemMiB is { } memory
            ? string.Create(CultureInfo.InvariantCulture, $" -c maintenance_work_mem={memory}MB")
            : "");

    private List<string> Arguments(string section, string? file)
    {
        List<string> arguments = [$"--section={section}", "--no-password", "--dbname=" + PostgresConnections.Info(database)];
        if (options.NoOwner)
        {
            arguments.AddRange(["--no-owner", "--no-privileges"]);
        }

        if (noTablespaces)
        {
            arguments.Add("--no-tablespaces");
        }

        if (file is not null)
        {
            if (options.Jobs > 1 && section == "post-data")
            {
                arguments.Add(string.Create(CultureInfo.InvariantCulture, $"--jobs={options.Jobs}"));
            }

            arguments.Add(file);
        }

        return arguments;
    }

    private static async Task FeedAsync(
        ChildProcess child, Stream input, Action<long>? onProgress, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.Register(child.Kill);
        var buffer = new byte[BufferSize];
        var total = 0L;
        int read;
        while ((read = await input.ReadAsync(buffer, cancellationToken)) > 0)
        {
            try
            {
                await child.Input.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
            catch (IOException)
            {
                // pg_restore is gone, or needs no more; which, its exit code and messages tell.
                cancellationToken.ThrowIfCancellationRequested();
                return;
            }

            total += read;
            onProgress?.Invoke(total);
        }
    }

    private void Judge(List<string> lines, int exitCode)
    {
        var messages = PgRestoreErrors.Read(lines);
        var bad = messages.Where(m => m.BenignBecause is null).ToList();
        if (bad.Count > 0 || (exitCode != 0 && messages.Count == 0))
        {
            throw PostgresErrors.ExplainTool(
                "pg_restore", [.. bad.SelectMany(m => m.Text.Split('\n').Take(3))], exitCode, settings with { Database = database });
        }

        Benign.AddRange(messages.Select(m => $"{m.Text.Split('\n')[0]} ({m.BenignBecause})"));
    }
}
