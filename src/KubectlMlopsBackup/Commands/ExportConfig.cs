using System.CommandLine;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Sources.ClusterConfig;

namespace KubectlMlopsBackup.Commands;

/// <summary><c>export config</c> as a folder: a file of YAML an object, for <c>kubectl apply</c> and for reading.</summary>
internal static class ExportConfig
{
    /// <param name="folder">Made; null for a name with the snapshot's time.</param>
    public static async Task<ExitCode> RunAsync(
        ParseResult parsed, VerbContext context, string? folder, RestoreSelection selection, CancellationToken cancellationToken)
    {
        if (folder == "-")
        {
            throw new UserError("a folder cannot be written to standard output", "add --format tar.gz", ExitCode.Usage);
        }

        ConfigReading reading;
        string name;
        if (context.ReadsHere)
        {
            var plan = await context.PlanAsync(cancellationToken);
            (reading, var snapshot) = await LocalConfig.ReadAsync(plan, selection, parsed.GetValue(SelectionOptions.Repository), cancellationToken);
            name = $"config_{snapshot.Time.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}";
        }
        else
        {
            using var verb = await InClusterVerb.BeginAsync(parsed, context, cancellationToken);
            (reading, name) = await ConfigFromCluster.ReadAsync(parsed, context, verb, cancellationToken);
            name = name.EndsWith(".tar.gz", StringComparison.Ordinal) ? name[..^".tar.gz".Length] : name;
        }

        folder ??= name;
        await ConfigFolder.WriteAsync(folder, reading.Objects, cancellationToken);
        Console.Out.WriteLine(folder);
        foreach (var line in reading.Notes("left out"))
        {
            await Console.Error.WriteLineAsync(PlainText.Clean(line));
        }

        return reading.Problems.Count + reading.NotInBackup.Count == 0 ? ExitCode.Done : ExitCode.Incomplete;
    }
}
