using System.CommandLine;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Local.Import;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands;

internal static class ImportCommand
{
    private static readonly Argument<string[]> Paths = new("PATH")
    {
        Description = "Files, or folders that have them: .sql, .dump and .tar, as they are or compressed by gzip or zstd.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string> At = new("--at")
    {
        Description = "When the backup was made, such as 2026-11-24T02:00:00Z; for one file. Default: the date in its name, in the plan's time zone; else when it was last written.",
        HelpName = "TIME",
    };

    private static readonly Option<int?> StripComponents = new("--strip-components")
    {
        Description = "Folders to take off an archive's paths. Default: those that lead to the plan's artifacts.",
        HelpName = "N",
    };

    private static readonly Option<string> Scratch = new("--scratch") { Description = "Folder with room to unpack an archive. Default: the system's for temporary files.", HelpName = "DIR" };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Say what would be imported, and with which date; write nothing." };

    public static Command Create() => Verb.Create(
        "import",
        "Make snapshots, with their own dates, of the dumps and archives of earlier days: pg_dump's .sql.gz and .dump, tar's .tar.gz. What was imported already is skipped.",
        [Paths, SelectionOptions.Repository, At, StripComponents, Scratch, DryRun],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        context.RequireHere("import");
        var plan = await context.PlanAsync(cancellationToken);
        var request = new ImportRequest
        {
            Paths = parsed.GetValue(Paths)!,
            Repository = parsed.GetValue(SelectionOptions.Repository),
            At = parsed.GetValue(At) is { } at ? SelectionOptions.Time(at) : null,
            StripComponents = parsed.GetValue(StripComponents),
            Scratch = parsed.GetValue(Scratch),
            DryRun = parsed.GetValue(DryRun),
        };
        IReadOnlyList<ImportedFile> files;
        using (var progress = context.Progress())
        {
            files = await new LocalImport(plan, request, new ProgressFeed(progress.Counters, context.Clock)).RunAsync(cancellationToken);
        }

        context.Print(files, LocalJson.Default.IReadOnlyListImportedFile, Table, f => f.Where(x => x.Snapshot is not null).Select(x => $"snapshot/{x.Snapshot}"));
        foreach (var failed in files.Where(f => f.Error is not null))
        {
            await Console.Error.WriteLineAsync($"error: {PlainText.Clean(failed.Error!)}");
            if (failed.Fix is { } fix)
            {
                await Console.Error.WriteLineAsync($"  fix: {PlainText.Clean(fix)}");
            }
        }

        Explain(context, files);
        return files.All(f => f.ExitCode == 0)
            ? files.Any(f => f is { State: ImportedFile.Imported, Verdict: "incomplete" }) ? ExitCode.Incomplete : ExitCode.Done
            : files.All(f => f.ExitCode != 0) ? (ExitCode)files[0].ExitCode
            : ExitCode.Incomplete;
    }

    private static void Explain(VerbContext context, IReadOnlyList<ImportedFile> files)
    {
        var going = files.Count(f => f.Kept == false);
        if (going > 0)
        {
            Console.Error.WriteLine(
                $"warning: the next prune lets {going} of them go: they are older than the plan's retention keeps\n  fix: make it longer (keepWithin, keepWeekly, keepMonthly) before it runs");
        }
    }

    private static TableWriter Table(IReadOnlyList<ImportedFile> files)
    {
        var table = new TableWriter(
            new TableColumn("File"), new TableColumn("Component"), new TableColumn("Time"), new TableColumn("By", Spare: true), new TableColumn("Result"),
            new TableColumn("Snapshot"), new TableColumn("Files", Spare: true), new TableColumn("Size", Spare: true), new TableColumn("Rows", Spare: true));
        foreach (var f in files)
        {
            table.Add(
                Path.GetFileName(f.File),
                f.Component?.ToString().ToLowerInvariant(),
                $"{f.Time.UtcDateTime:u}",
                f.TimeFrom,
                f.State == ImportedFile.There ? "there already" : f.State,
                f.Snapshot?[..8],
                f.Files is { } count ? Humanize.Count(count) : null,
                f.Bytes is { } bytes ? Humanize.Bytes(bytes) : null,
                f.Rows is { } rows ? Humanize.Count(rows) : null);
        }

        return table;
    }
}
