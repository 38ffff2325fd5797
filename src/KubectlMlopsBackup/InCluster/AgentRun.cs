using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Manifests;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace KubectlMlopsBackup.InCluster;

/// <summary>Starts the agent in a Job.</summary>
internal sealed class AgentRun(ClusterApi api, InstalledPlan installed)
{
    /// <summary>From the template of a CronJob as it is in the cluster, whoever wrote it last.</summary>
    /// <param name="more">Arguments for the agent beside those of the CronJob.</param>
    /// <exception cref="UserError">The CronJob is not there.</exception>
    public async Task<JobView> StartScheduledAsync(string cronJob, IReadOnlyList<string> more, CancellationToken cancellationToken)
    {
        JsonObject template;
        try
        {
            template = await api.GetWholeAsync(ApiResource.CronJobs, installed.Namespace, cronJob, cancellationToken);
        }
        catch (ClusterException e) when (e.IsNotFound)
        {
            throw new UserError(
                $"there is no CronJob {cronJob} in namespace {installed.Namespace}", "install the plan again: kubectl mlopsbackup install", ExitCode.Usage, e);
        }

        return await CreateAsync(JobTemplate.ToJob(template, JobTemplate.Name(cronJob), more), cancellationToken);
    }

    /// <summary>Of the installed plan, with the installed version's image.</summary>
    /// <param name="annotation">By which it is found again; null for none.</param>
    public Task<JobView> StartAsync(AgentJob job, CancellationToken cancellationToken, (string Key, string Value)? annotation = null)
    {
        var template = YamlTree.Parse(ManifestRenderer.OnRequest(installed.Plan, installed.Options, job).Yaml);
        var made = JobTemplate.ToJob(template, JobTemplate.Name(job.Name), []);
        // Nobody's history limits hold for it.
        made["spec"]!["ttlSecondsAfterFinished"] = 24 * 60 * 60;
        if (annotation is var (key, value))
        {
            (made["metadata"]!["annotations"] ??= new JsonObject())[key] = value;
        }

        return CreateAsync(made, cancellationToken);
    }

    private async Task<JobView> CreateAsync(JsonObject job, CancellationToken cancellationToken) =>
        (await api.CreateAsync(ApiResource.Jobs, installed.Namespace, job.ToJsonString(), dryRun: false, cancellationToken))
        .Deserialize(ClusterJson.Default.JobView)!;
}
