using System.CommandLine;
using System.Text.Json;
using KubectlMlopsBackup.Monitoring;

namespace KubectlMlopsBackup.Commands;

internal static class DashboardCommand
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    public static Command Create() => Verb.Create(
        "dashboard",
        "Print a Grafana dashboard for the figures of the exporter, to be imported. It asks for the data source and has a choice of plans.",
        [],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        await using var output = Console.OpenStandardOutput();
        await using (var json = new Utf8JsonWriter(output, Indented))
        {
            Dashboard.Build().WriteTo(json);
        }

        output.WriteByte((byte)'\n');
        return ExitCode.Done;
    }
}
