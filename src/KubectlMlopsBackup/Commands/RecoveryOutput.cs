using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Recovery.Reports;
using KubectlMlopsBackup.Sources.Artifacts.Export;

namespace KubectlMlopsBackup.Commands;

/// <summary>Shows the report of a recovery or a drill, and writes it to files.</summary>
internal static class RecoveryOutput
{
    /// <summary>Asked before anything is begun: what a drill has found is not to be lost for a file's name.</summary>
    /// <exception cref="UserError">A file's name says no format, or it is there already.</exception>
    public static IReadOnlyList<(string File, ReportFormat Format)> Files(string[] files) =>
        [.. files.Select(f => (f, Path.GetExtension(f).ToLowerInvariant() switch
        {
            _ when File.Exists(f) => throw new UserError($"--report {f} exists", "name another file, or remove it", ExitCode.Usage),
            ".html" or ".htm" => ReportFormat.Html,
            ".md" => ReportFormat.Markdown,
            ".json" => ReportFormat.Json,
            ".xml" => ReportFormat.JUnit,
            _ => throw new UserError($"--report {f}: the file's name says no format", "end it in .html, .md, .json or .xml", ExitCode.Usage),
        }))];

    /// <param name="id">Of the stored report; null where it is not stored.</param>
    public static async Task ShowAsync(VerbContext context, RecoveryReport report, string? id, IReadOnlyList<(string File, ReportFormat Format)> files)
    {
        foreach (var (file, format) in files)
        {
            await WholeFile.WriteAsync(file, async stream =>
            {
                await using var text = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
                await text.WriteAsync(ReportRenderer.Render(report, format, id));
                return ExitCode.Done;
            });
        }

        if (context.IsTable)
        {
            TerminationMessage.Current.Write(report, ReportJson.Default.RecoveryReport);
            ReportText.Write(Console.Out, context.OutputTerminal, report, id, context.OutputTerminal.IsTerminal ? Terminal.Width() : null);
            return;
        }

        context.Print(report, ReportJson.Default.RecoveryReport, _ => new TableWriter(), _ => [$"report/{id ?? "none"}"]);
    }
}
