using System.CommandLine;
using System.Text;
using KubectlMlopsBackup.Cluster.Exec;
using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands;

/// <summary><c>export</c> from the cluster's repositories to this machine, streamed through the API server.</summary>
internal static class ExportInCluster
{
    /// <summary>The agent prints the name that the file would have, and no more.</summary>
    public static readonly Option<bool> NameOnly = new("--name-only") { Hidden = true };

    /// <summary>The longest that the pod stays if this side goes away.</summary>
    private const string Longest = "6h";

    /// <param name="file">Where to: not the agent's to know, its standard output is read.</param>
    public static async Task<ExitCode> RunAsync(
        ParseResult parsed, VerbContext context, Option<string> file, CancellationToken cancellationToken)
    {
        using var verb = await InClusterVerb.BeginAsync(parsed, context, cancellationToken);
        var job = await verb.Run.StartAsync(AgentJobs.Hold(verb.Installed.Spec, "export", AgentJobs.RestoreAccount, Longest), cancellationToken);
        await using var pod = await new JobConsole(context, verb.Api, verb.Installed.Namespace).HoldAsync(job, verb.Start, cancellationToken);
        var exec = new PodExec(verb.Api, verb.Installed.Namespace);
        string[] command =
            ["kubectl-mlopsbackup", .. ForwardedArguments.Of(parsed, file, InClusterVerb.StartTimeout), "--local", "--plan", AgentPaths.Plan, "-q", "--file=-"];

        async Task<ExitCode> StreamAsync(Stream output)
        {
            using var progress = context.Progress();
            progress.Counters.Begin("exporting");
            return (ExitCode)await exec.RunAsync(
                pod.Name,
                AgentLog.Container,
                command,
                async bytes =>
                {
                    await output.WriteAsync(bytes, cancellationToken);
                    progress.Counters.AddBytes(bytes.Length);
                },
                text => progress.Note(text.TrimEnd('\n')),
                cancellationToken);
        }

        var path = parsed.GetValue(file);
        if (path == "-")
        {
            await using var output = Console.OpenStandardOutput();
            return await StreamAsync(output);
        }

        path ??= await NameAsync(exec, pod, command, cancellationToken);
        var code = await WholeFile.WriteAsync(path, async output => await StreamAsync(output) switch
        {
            var ended and (ExitCode.Done or ExitCode.Incomplete) => ended,
            var failed => throw new UserError($"the export failed, and {path} was not written", null, failed),
        });
        Console.Out.WriteLine(path);
        return code;
    }

    private static async Task<string> NameAsync(PodExec exec, HeldPod pod, string[] command, CancellationToken cancellationToken)
    {
        var name = new StringBuilder();
        var code = await exec.RunAsync(
            pod.Name,
            AgentLog.Container,
            [.. command, "--name-only"],
            bytes =>
            {
                name.Append(Encoding.UTF8.GetString(bytes.Span));
                return ValueTask.CompletedTask;
            },
            Console.Error.Write,
            cancellationToken);
        // What a repository says is not to be trusted: it is a name, not a path.
        return code == 0 && Path.GetFileName(name.ToString().Trim()) is { Length: > 0 } file
            ? file
            : throw new UserError("nothing was exported", null, code == 0 ? ExitCode.Failed : (ExitCode)code);
    }
}
