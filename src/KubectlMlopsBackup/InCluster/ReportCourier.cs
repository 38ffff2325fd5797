using System.Text;
using System.Text.Json;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Exec;
using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Recovery.Reports;

namespace KubectlMlopsBackup.InCluster;

/// <summary>
/// Carries reports between here and the cluster's repositories, which only its pods can reach: a report is larger than the termination message of a Job.
/// </summary>
/// <param name="hold">Waits for the pod of a Job that holds.</param>
/// <param name="start">For a pod that does not start.</param>
internal sealed class ReportCourier(
    ClusterApi api, InstalledPlan installed, Func<JobView, TimeSpan, CancellationToken, Task<HeldPod>> hold, TimeSpan start)
{
    /// <summary>The longest that the pod stays if this side goes away.</summary>
    private const string Longest = "15m";

    /// <summary>Bytes of JSON that are believed.</summary>
    private const int MostOutput = 64 << 20;

    /// <summary>Stores a report in all repositories of the installed plan, compared with earlier ones.</summary>
    /// <exception cref="UserError">It could not be stored: why is in the message.</exception>
    public Task<SavedReport> SaveAsync(RecoveryReport report, CancellationToken cancellationToken)
    {
        var json = report.ToJson();
        return RunAsync("report-save", AgentJobs.BackupAccount, ["report", "save", $"--size={json.Length}"], json, cancellationToken);
    }

    /// <param name="id">Its first digits, or <c>latest</c>.</param>
    /// <param name="repository">Null for the first that has it.</param>
    /// <exception cref="UserError">There is none: why is in the message.</exception>
    public Task<SavedReport> FetchAsync(string id, string? repository, CancellationToken cancellationToken)
    {
        List<string> verb = ["report", "fetch", id];
        if (repository is not null)
        {
            verb.Add($"--repository={repository}");
        }

        return RunAsync("report", AgentJobs.RestoreAccount, verb, default, cancellationToken);
    }

    private async Task<SavedReport> RunAsync(
        string name, string account, IReadOnlyList<string> verb, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        var job = await new AgentRun(api, installed).StartAsync(AgentJobs.Hold(installed.Spec, name, account, Longest) with { Notifies = !input.IsEmpty }, cancellationToken);
        await using var pod = await hold(job, start, cancellationToken);
        using var output = new MemoryStream();
        var said = new StringBuilder();
        var code = (ExitCode)await new PodExec(api, installed.Namespace).RunAsync(
            pod.Name,
            AgentLog.Container,
            ["kubectl-mlopsbackup", .. verb, "--local", "--plan", AgentPaths.Plan, "-q"],
            bytes => output.Length + bytes.Length <= MostOutput
                ? output.WriteAsync(bytes, cancellationToken)
                : throw new UserError("the pod sent more than a report can have", null),
            text => said.Append(text),
            cancellationToken,
            input);
        if (output.Length == 0)
        {
            throw new UserError(Failure(said.ToString(), code), null, code == ExitCode.Done ? ExitCode.Failed : code);
        }

        try
        {
            return JsonSerializer.Deserialize(output.GetBuffer().AsSpan(0, (int)output.Length), ReportJson.Default.SavedReport)
                ?? throw new UserError("the pod sent no report", null);
        }
        catch (JsonException e)
        {
            throw new UserError($"what the pod sent is no report: {e.Message}", "install the plan again with this version", inner: e);
        }
    }

    /// <summary>What the agent printed, as a message of our own.</summary>
    private static string Failure(string said, ExitCode code)
    {
        const string Error = "error: ";
        var text = said.Trim();
        return text.Length == 0 ? $"no report (exit code {(int)code})" : text.StartsWith(Error, StringComparison.Ordinal) ? text[Error.Length..] : text;
    }
}
