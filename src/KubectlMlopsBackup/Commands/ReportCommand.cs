using System.CommandLine;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Monitoring.Notifications;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Recovery.Reports;
using KubectlMlopsBackup.Sources.Artifacts.Export;

namespace KubectlMlopsBackup.Commands;

/// <summary>The reports of drills, recoveries and restores in the repositories.</summary>
internal static class ReportCommand
{
    private static readonly Argument<string> Id = new("ID")
    {
        Description = "The first digits of a report's id, or latest.",
        DefaultValueFactory = _ => ReportArchive.Latest,
    };

    private static readonly Option<string> Format = new("--format")
    {
        Description = "text, html (one page that needs nothing else), md, json or junit. Default: text, or what the file's name ends in.",
        HelpName = "FORMAT",
    };

    private static readonly Option<string> To = new("--file") { Description = "Where to. Default: standard output.", HelpName = "FILE" };

    private static readonly Option<int> Size = new("--size") { Description = "Bytes of the report on standard input.", Required = true };

    public static Command Create()
    {
        Format.AcceptOnlyFromAmong("text", "html", "md", "json", "junit");
        return new Command("report", "What drills, recoveries and restores came to.")
        {
            Verb.Create("list", "List the reports, oldest first.", [SelectionOptions.Repository, InClusterVerb.StartTimeout], ListAsync),
            Verb.Create("show", "Show a report, or write it as a page.", [Id, Format, To, SelectionOptions.Repository, InClusterVerb.StartTimeout], ShowAsync),
            Hidden(Verb.Create("fetch", "A report and its id, for the other end of report show.", [Id, SelectionOptions.Repository], FetchAsync)),
            Hidden(Verb.Create("save", "Take a report from standard input, compare it with earlier ones and store it.", [Size, InClusterVerb.StartTimeout], SaveAsync)),
        };
    }

    private static Command Hidden(Command command)
    {
        command.Hidden = true;
        return command;
    }

    private static async Task<ExitCode> ListAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        if (!context.IsLocal)
        {
            return await InClusterVerb.RunAsync(
                parsed, context, AgentJobs.RestoreAccount, ReportJson.Default.IReadOnlyListListedReport, r => Print(context, r), cancellationToken);
        }

        var plan = await context.PlanAsync(cancellationToken);
        using var archive = await ReportArchive.OpenAsync(plan, parsed.GetValue(SelectionOptions.Repository), cancellationToken);
        Print(context, archive.List());
        return Tell(archive);
    }

    private static async Task<ExitCode> ShowAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        var file = parsed.GetValue(To);
        var format = FormatOf(parsed.GetValue(Format), file, context);
        var code = ExitCode.Done;
        string id;
        RecoveryReport report;
        if (context.IsLocal)
        {
            var plan = await context.PlanAsync(cancellationToken);
            using var archive = await ReportArchive.OpenAsync(plan, parsed.GetValue(SelectionOptions.Repository), cancellationToken);
            (id, report) = await archive.FindAsync(parsed.GetValue(Id)!, cancellationToken);
            code = Tell(archive);
        }
        else
        {
            using var verb = await InClusterVerb.BeginAsync(parsed, context, cancellationToken);
            (id, report, _, _) = await Courier(context, verb).FetchAsync(parsed.GetValue(Id)!, parsed.GetValue(SelectionOptions.Repository), cancellationToken);
        }

        await WriteAsync(report, id, format, file, context, cancellationToken);
        return code;
    }

    private static async Task<ExitCode> FetchAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        var plan = await context.PlanAsync(cancellationToken);
        using var archive = await ReportArchive.OpenAsync(plan, parsed.GetValue(SelectionOptions.Repository), cancellationToken);
        var (id, report) = await archive.FindAsync(parsed.GetValue(Id)!, cancellationToken);
        JsonPrinter.WriteLine(Console.Out, new SavedReport(id, report, [], []), ReportJson.Default.SavedReport);
        return Tell(archive);
    }

    private static async Task<ExitCode> SaveAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        var report = Parse(await ReadAsync(parsed.GetValue(Size), cancellationToken));
        if (!context.IsLocal)
        {
            using var verb = await InClusterVerb.BeginAsync(parsed, context, cancellationToken);
            return Print(await Courier(context, verb).SaveAsync(report, cancellationToken));
        }

        var plan = await context.PlanAsync(cancellationToken);
        using var archive = await ReportArchive.OpenAsync(plan, null, cancellationToken);
        var saved = await archive.SaveAsync(report, cancellationToken);
        var code = ReportJudge.Code(saved.Report);
        context.Notice = new Notice
        {
            Plan = saved.Report.Plan,
            Verb = ReportWords.Of(saved.Report.Kind).ToLowerInvariant(),
            ExitCode = (int)code,
            Outcome = ReportWords.Of(saved.Report.Verdict).ToLowerInvariant(),
            Message = $"{ReportWords.Headline(saved.Report)} (report {saved.Id[..8]})",
            Fix = saved.Report.Fix,
            Seconds = saved.Report.Duration().TotalSeconds,
            Host = Environment.MachineName,
            Time = saved.Report.Finished,
        };
        return Print(saved);
    }

    private static ExitCode Print(SavedReport saved)
    {
        JsonPrinter.WriteLine(Console.Out, saved, ReportJson.Default.SavedReport);
        return saved.Failures.Count == 0 ? ExitCode.Done : ExitCode.Incomplete;
    }

    private static ReportCourier Courier(VerbContext context, InClusterVerb verb) =>
        new(verb.Api, verb.Installed, new JobConsole(context, verb.Api, verb.Installed.Namespace).HoldAsync, verb.Start);

    private static RecoveryReport Parse(byte[] json)
    {
        try
        {
            return RecoveryReport.FromJson(json);
        }
        catch (InvalidDataException e)
        {
            throw new UserError($"standard input holds no report: {e.Message}", null, ExitCode.Failed, e);
        }
    }

    /// <summary>Not to its end: who sends it may be unable to close it.</summary>
    private static async Task<byte[]> ReadAsync(int size, CancellationToken cancellationToken)
    {
        if (size is < 1 or > Repository.Reports.StoredReport.MaxBody)
        {
            throw new UserError($"--size {size} is no report's size", null, ExitCode.Usage);
        }

        var bytes = new byte[size];
        await using var input = Console.OpenStandardInput();
        try
        {
            await input.ReadExactlyAsync(bytes, cancellationToken);
        }
        catch (EndOfStreamException e)
        {
            throw new UserError("the report on standard input is shorter than --size says", null, ExitCode.Usage, e);
        }

        return bytes;
    }

    private static async Task WriteAsync(
        RecoveryReport report, string id, ReportFormat? format, string? file, VerbContext context, CancellationToken cancellationToken)
    {
        if (file is null or "-")
        {
            Write(Console.Out, report, id, format, context.OutputTerminal);
            return;
        }

        await WholeFile.WriteAsync(file, async stream =>
        {
            await using var text = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
            Write(text, report, id, format, new Terminal(false, false));
            await text.FlushAsync(cancellationToken);
            return ExitCode.Done;
        });
        Console.Out.WriteLine(file);
    }

    private static void Write(TextWriter output, RecoveryReport report, string id, ReportFormat? format, Terminal terminal)
    {
        if (format is { } given)
        {
            output.Write(ReportRenderer.Render(report, given, id));
        }
        else
        {
            ReportText.Write(output, terminal, report, id, terminal.IsTerminal ? Terminal.Width() : null);
        }
    }

    /// <returns>Null for text.</returns>
    private static ReportFormat? FormatOf(string? word, string? file, VerbContext context) =>
        (word ?? (file is null ? null : Path.GetExtension(file).ToLowerInvariant())) switch
        {
            "html" or ".html" or ".htm" => ReportFormat.Html,
            "md" or ".md" => ReportFormat.Markdown,
            "junit" or ".xml" => ReportFormat.JUnit,
            "json" or ".json" => ReportFormat.Json,
            "text" => null,
            _ => context.IsTable ? null : ReportFormat.Json,
        };

    private static void Print(VerbContext context, IReadOnlyList<ListedReport> reports) =>
        context.Print(reports, ReportJson.Default.IReadOnlyListListedReport, Table, r => r.Select(x => $"report/{x.Id}"));

    private static TableWriter Table(IReadOnlyList<ListedReport> reports)
    {
        var table = new TableWriter(
            new TableColumn("Id"),
            new TableColumn("Time"),
            new TableColumn("Kind"),
            new TableColumn("Verdict"),
            new TableColumn("RTO"),
            new TableColumn("Recovery point"),
            new TableColumn("Plan", WideOnly: true),
            new TableColumn("Repositories", WideOnly: true));
        foreach (var r in reports)
        {
            table.Add(
                r.Id[..8],
                $"{r.Time:u}",
                r.Kind,
                r.Verdict,
                r.Seconds is { } seconds ? ReportWords.Time(seconds) : null,
                r.RecoveryPoint is { Length: > 8 } point ? point[..8] : r.RecoveryPoint,
                r.Plan,
                string.Join(",", r.Repositories));
        }

        return table;
    }

    private static ExitCode Tell(ReportArchive archive)
    {
        foreach (var (spec, error) in archive.Failed)
        {
            Console.Error.WriteLine($"repository {spec.Name} could not be opened: {error.Message}");
        }

        foreach (var (repository, damage) in archive.Damaged)
        {
            Console.Error.WriteLine($"repository {repository} is damaged: {damage.Message}");
        }

        return archive.Damaged.Count > 0 ? ExitCode.CheckFailed : archive.Failed.Count > 0 ? ExitCode.Incomplete : ExitCode.Done;
    }
}
