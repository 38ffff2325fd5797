using System.CommandLine;
using System.IO.Compression;
using System.Text;
using KubectlMlopsBackup.Cluster.Exec;
using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Sources.ClusterConfig;

namespace KubectlMlopsBackup.Commands;

/// <summary>Reads a configuration snapshot by the installed plan's agent, which has the repositories and their key; it comes as <c>export config</c> streams it.</summary>
internal static class ConfigFromCluster
{
    /// <summary>The longest that the pod stays if this side goes away.</summary>
    private const string Longest = "1h";

    /// <summary>Bytes of the archive.</summary>
    private const long Largest = 1L << 30;

    /// <returns>Its objects, and a name with its time in it.</returns>
    /// <exception cref="UserError">There is no such snapshot, or the pod does not start.</exception>
    public static async Task<(ConfigReading Reading, string Name)> ReadAsync(
        ParseResult parsed, VerbContext context, InClusterVerb verb, CancellationToken cancellationToken)
    {
        var job = await verb.Run.StartAsync(AgentJobs.Hold(verb.Installed.Spec, "config", AgentJobs.RestoreAccount, Longest), cancellationToken);
        await using var pod = await new JobConsole(context, verb.Api, verb.Installed.Namespace).HoldAsync(job, verb.Start, cancellationToken);
        var exec = new PodExec(verb.Api, verb.Installed.Namespace);
        List<string> command = ["kubectl-mlopsbackup", "export", "config", "--format=tar.gz", "--local", "--plan", AgentPaths.Plan, "-q", "--file=-"];
        foreach (var option in (Option<string>[])[SelectionOptions.From, SelectionOptions.At, SelectionOptions.Repository])
        {
            if (parsed.GetResult(option) is { Implicit: false } && parsed.GetValue(option) is { } value)
            {
                command.Add($"{option.Name}={value}");
            }
        }

        using var name = await RunAsync(exec, pod, [.. command, "--name-only"], cancellationToken);
        using var archive = await RunAsync(exec, pod, command, cancellationToken);
        try
        {
            await using var tar = new GZipStream(archive, CompressionMode.Decompress);
            return (await ConfigFiles.ReadTarAsync(tar, cancellationToken), Path.GetFileName(Encoding.UTF8.GetString(name.ToArray()).Trim()));
        }
        catch (InvalidDataException e)
        {
            throw new UserError($"what pod {pod.Name} sent is no configuration: {e.Message}", "read the repository yourself, with --local", ExitCode.CheckFailed, e);
        }
    }

    private static async Task<MemoryStream> RunAsync(PodExec exec, HeldPod pod, List<string> command, CancellationToken cancellationToken)
    {
        var output = new MemoryStream();
        var code = await exec.RunAsync(
            pod.Name,
            AgentLog.Container,
            [.. command],
            bytes =>
            {
                if (output.Length + bytes.Length > Largest)
                {
                    throw new UserError($"pod {pod.Name} sends more than the configuration of any cluster", "read the repository yourself, with --local", ExitCode.CheckFailed);
                }

                output.Write(bytes.Span);
                return ValueTask.CompletedTask;
            },
            text => Console.Error.Write(text),
            cancellationToken);
        output.Position = 0;
        // Incomplete: files that are no objects are told again by who reads them.
        return (ExitCode)code is ExitCode.Done or ExitCode.Incomplete
            ? output
            : throw new UserError("the configuration could not be read", null, (ExitCode)code);
    }
}
