using System.IO.Compression;
using System.Text;
using System.Text.Json;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Exec;
using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Recovery.Reports;
using KubectlMlopsBackup.Sources.ClusterConfig;

namespace KubectlMlopsBackup.Recovery.Sources;

/// <summary>The repositories of an installed plan, read by a pod of its namespace: with its Secrets and its volumes, and none of this machine's.</summary>
internal sealed class HeldSource : IRecoverySource
{
    private const string Longest = "1h";

    /// <summary>Bytes of one answer: the objects of a namespace with everything in them are a few megabytes.</summary>
    private const int LargestAnswer = 512 << 20;

    private readonly PodExec exec;
    private readonly HeldPod pod;

    private HeldSource(PodExec exec, HeldPod pod, string ns)
    {
        this.exec = exec;
        this.pod = pod;
        Location = $"the repositories of namespace {ns}";
    }

    public string Location { get; }

    /// <param name="patience">For a pod that does not start.</param>
    /// <param name="made">Is given the Job that holds the pod; null for nobody.</param>
    /// <exception cref="UserError">It does not start.</exception>
    public static async Task<HeldSource> OpenAsync(
        ClusterApi api, InstalledPlan installed, IJobObserver observer, TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken,
        Func<JobView, Task>? made = null)
    {
        var job = await new AgentRun(api, installed).StartAsync(AgentJobs.Hold(installed.Spec, "recovery-read", AgentJobs.RestoreAccount, Longest), cancellationToken);
        await (made?.Invoke(job) ?? Task.CompletedTask);
        return new HeldSource(
            new PodExec(api, installed.Namespace), await HeldPod.WaitAsync(api, job, observer, patience, clock, cancellationToken), installed.Namespace);
    }

    public async Task<IReadOnlyList<ListedRecoveryPoint>> PointsAsync(CancellationToken cancellationToken)
    {
        var json = await RunAsync(["list", "--points", "-o", "json"], [ExitCode.Done, ExitCode.Incomplete], cancellationToken);
        return JsonSerializer.Deserialize(json, LocalJson.Default.IReadOnlyListListedRecoveryPoint) ?? [];
    }

    public async Task<ConfigReading> ConfigAsync(string snapshot, CancellationToken cancellationToken)
    {
        using var archive = new MemoryStream(
            await RunAsync(["export", "config", $"--from={snapshot}", "--format=tar.gz", "--file=-"], [ExitCode.Done, ExitCode.Incomplete], cancellationToken), writable: false);
        await using var tar = new GZipStream(archive, CompressionMode.Decompress);
        return await ConfigFiles.ReadTarAsync(tar, cancellationToken);
    }

    public async Task<RecoveryReport?> LastReportAsync(string plan, CancellationToken cancellationToken)
    {
        var json = await RunAsync(["report", "list", "-o", "json"], [ExitCode.Done, ExitCode.Incomplete], cancellationToken);
        if (JsonSerializer.Deserialize(json, ReportJson.Default.IReadOnlyListListedReport)?.LastOrDefault(r => r.Plan == plan && r.Seconds is not null) is not { } head)
        {
            return null;
        }

        json = await RunAsync(["report", "fetch", head.Id], [ExitCode.Done, ExitCode.Incomplete], cancellationToken);
        return JsonSerializer.Deserialize(json, ReportJson.Default.SavedReport)?.Report;
    }

    public ValueTask DisposeAsync() => pod.DisposeAsync();

    private async Task<byte[]> RunAsync(IReadOnlyList<string> verb, ExitCode[] good, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        var errors = new StringBuilder();
        var code = (ExitCode)await exec.RunAsync(
            pod.Name,
            AgentLog.Container,
            ["kubectl-mlopsbackup", .. verb, "--local", "--plan", AgentPaths.Plan, "-q"],
            bytes =>
            {
                if (output.Length + bytes.Length > LargestAnswer)
                {
                    throw new InvalidDataException($"what {verb[0]} in pod {pod.Name} says is larger than {LargestAnswer >> 20} MiB");
                }

                output.Write(bytes.Span);
                return ValueTask.CompletedTask;
            },
            text => errors.Append(text),
            cancellationToken);
        return good.Contains(code) ? output.ToArray() : throw new UserError($"{verb[0]} in pod {pod.Name}: {errors.ToString().Trim()}", null, code);
    }
}
