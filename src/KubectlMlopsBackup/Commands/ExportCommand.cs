using System.CommandLine;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Sources.Artifacts;

namespace KubectlMlopsBackup.Commands;

internal static class ExportCommand
{
    private static readonly Argument<string> What = ComponentArgument.Create("What to export: postgres, artifacts or config.", withAll: false);

    private static readonly Option<string> Format = new("--format")
    {
        Description = "postgres: sql.gz (default) or dump. artifacts: tar.gz (default) or tar.zst. config: folder (default), tar.gz or tar.zst.",
        HelpName = "FORMAT",
        CompletionSources = { "sql.gz", "dump", "tar.gz", "tar.zst" },
    };

    private static readonly Option<string> To = new("--file")
    {
        Description = "Where to; - is standard output. Default: a name with the snapshot's time, in this folder.",
        HelpName = "FILE",
    };

    private static readonly Option<string[]> Include = new("--include") { Description = "Artifacts, and config in an archive: only paths that fit.", HelpName = "PATTERN" };

    private static readonly Option<string[]> Exclude = new("--exclude") { Description = "Artifacts, and config in an archive: not the paths that fit.", HelpName = "PATTERN" };

    public static Command Create() => Verb.Create(
        "export",
        "Write a snapshot as plain files for psql, pg_restore, tar or kubectl.",
        [What, SelectionOptions.From, SelectionOptions.At, SelectionOptions.Repository, Format, To, Include, Exclude, ExportInCluster.NameOnly, InClusterVerb.StartTimeout, DirectOptions.Direct, DirectOptions.PassphraseFile],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        var component = ComponentArgument.Parse(parsed.GetValue(What)!)!.Value;
        var format = ExportFormat.Parse(parsed.GetValue(Format), component);
        var filter = new PathFilter(parsed.GetValue(Include) ?? [], parsed.GetValue(Exclude) ?? []);
        var selection = SelectionOptions.Read(parsed);
        if (!filter.HasNoPatterns && (component == Component.Postgres || format == ExportFormat.Folder))
        {
            throw new UserError(
                component == Component.Postgres ? "--include and --exclude choose files, and a database is exported whole" : "--include and --exclude choose files of an archive, and the configuration goes into a folder whole",
                component == Component.Postgres ? "leave them out" : "leave them out, or add --format tar.gz",
                ExitCode.Usage);
        }

        if (format == ExportFormat.Folder && !parsed.GetValue(ExportInCluster.NameOnly))
        {
            return await ExportConfig.RunAsync(parsed, context, parsed.GetValue(To), selection, cancellationToken);
        }

        if (!context.ReadsHere)
        {
            return await ExportInCluster.RunAsync(parsed, context, To, cancellationToken);
        }

        var plan = await context.PlanAsync(cancellationToken);
        using var repositories = await OpenRepositories.OpenAsync(
            plan, parsed.GetValue(SelectionOptions.Repository), cancellationToken);
        var (repository, snapshot) = selection.Snapshot(repositories, component, plan.Name);
        var export = new LocalExport(plan, repository, snapshot, format);
        if (parsed.GetValue(ExportInCluster.NameOnly))
        {
            Console.Out.WriteLine(export.DefaultName);
            return ExitCode.Done;
        }

        var file = parsed.GetValue(To) ?? export.DefaultName;
        IReadOnlyList<Problem> problems;
        using (var progress = context.Progress())
        {
            var feed = new ProgressFeed(progress.Counters, context.Clock);
            if (file == "-")
            {
                await using var output = Console.OpenStandardOutput();
                problems = await export.ToStreamAsync(output, filter, feed, cancellationToken);
            }
            else
            {
                problems = await export.ToFileAsync(file, filter, feed, cancellationToken);
            }
        }

        if (file != "-")
        {
            Console.Out.WriteLine(file);
        }

        foreach (var problem in problems)
        {
            await Console.Error.WriteLineAsync($"{problem.Path}: {problem.Reason}");
        }

        return problems.Count == 0 ? ExitCode.Done : ExitCode.Incomplete;
    }
}
