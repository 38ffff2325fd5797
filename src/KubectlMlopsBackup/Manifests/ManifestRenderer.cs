using System.Text;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Manifests;

/// <summary>Makes every object that a plan needs in its cluster, from the plan alone: the same in, the same out.</summary>
internal static class ManifestRenderer
{
    public const string PlanConfigMap = "mlopsbackup-plan";
    private const string Application = "mlopsbackup";
    private const string OfChecks = "-checks";

    /// <summary>Bytes. The API refuses ConfigMaps of more than 1 MiB, and labels and the like count.</summary>
    private const int LargestConfigMap = 1_000_000;

    /// <param name="plan">From <see cref="PlanLoader"/>.</param>
    /// <returns>In the order in which they are applied: what others refer to comes first.</returns>
    /// <exception cref="UserError">The plan is of this machine, not of a cluster, or no namespace is named.</exception>
    public static IReadOnlyList<Manifest> Render(BackupPlan plan, ManifestOptions options)
    {
        var ns = Namespace(plan, options);
        var problems = new PlanProblems(options.PlanName);
        ClusterRules.Check(plan, problems);
        problems.ThrowIfAny();

        var agent = AgentPlan.Of(plan, ns);
        var objects = new ObjectModel(plan, ns, options.Version);
        List<Manifest> manifests =
        [
            Account(objects, AgentJobs.BackupAccount, plan.Spec.Kubernetes!.ServiceAccountAnnotations.Backup),
            Account(objects, AgentJobs.RestoreAccount, plan.Spec.Kubernetes.ServiceAccountAnnotations.Restore),
            Account(objects, AgentJobs.PruneAccount, plan.Spec.Kubernetes.ServiceAccountAnnotations.Prune),
        ];
        if (plan.Spec.Config is { } config)
        {
            manifests.AddRange(ConfigManifests.Of(plan, config, objects, ns));
        }

        if (plan.Spec.Recovery.Drill.Schedule is not null)
        {
            manifests.AddRange(DrillScheduleManifests.Of(plan, objects, ns));
        }

        foreach (var repository in plan.Spec.Repositories)
        {
            if (repository.Volume is { Create: true } volume)
            {
                manifests.Add(Claim(objects, volume));
            }
        }

        manifests.Add(Config(objects, agent, options));
        if (plan.Spec.Kubernetes.NetworkPolicy)
        {
            manifests.AddRange(Networks(objects, plan, Application));
        }

        if (plan.Spec.Monitoring is { Exporter: true })
        {
            manifests.AddRange(ExporterManifests.Of(plan, objects, ns, options.Version));
        }

        manifests.AddRange(AgentJobs.Of(plan.Spec).Select(job => new Manifest("CronJob", job.Name, TemplateRenderer.Render(
            "kubernetes/cronjob.yaml.sbn", JobModel.Of(objects, plan, agent, job, options)))));
        return manifests;
    }

    /// <summary>A Job that runs on request, in the shape of a CronJob that never runs by itself.</summary>
    /// <exception cref="UserError">As <see cref="Render"/>.</exception>
    public static Manifest OnRequest(BackupPlan plan, ManifestOptions options, AgentJob job)
    {
        var ns = Namespace(plan, options);
        return new("CronJob", job.Name, TemplateRenderer.Render(
            "kubernetes/cronjob.yaml.sbn", JobModel.Of(new ObjectModel(plan, ns, options.Version), plan, AgentPlan.Of(plan, ns), job, options)));
    }

    /// <summary>What a Job of <see cref="OnRequest"/> needs in a namespace that the plan is not installed in: its account, its plan, and where it may go.</summary>
    /// <exception cref="UserError">As <see cref="Render"/>.</exception>
    public static IReadOnlyList<Manifest> ForGuest(BackupPlan plan, ManifestOptions options)
    {
        var ns = Namespace(plan, options);
        var objects = new ObjectModel(plan, ns, options.Version);
        List<Manifest> manifests =
        [
            Account(objects, AgentJobs.RestoreAccount, plan.Spec.Kubernetes!.ServiceAccountAnnotations.Restore),
            Config(objects, AgentPlan.Of(plan, ns), options),
        ];
        if (plan.Spec.Kubernetes.NetworkPolicy)
        {
            manifests.AddRange(Networks(objects, plan, options.PlanMap));
        }

        return manifests;
    }

    /// <summary>One text for <c>kubectl apply -f -</c>.</summary>
    public static string Documents(IEnumerable<Manifest> manifests)
    {
        var text = new StringBuilder();
        foreach (var manifest in manifests)
        {
            text.Append("---\n").Append(manifest.Yaml);
        }

        return text.ToString();
    }

    private static string Namespace(BackupPlan plan, ManifestOptions options)
    {
        var ns = options.Namespace ?? plan.Metadata.Namespace ?? throw new UserError(
            "no namespace is named", "give one with -n, or put it into the plan as metadata.namespace", ExitCode.Usage);
        var problems = new PlanProblems(options.PlanName);
        PlanText.CheckDnsLabel("--namespace", ns, problems);
        problems.ThrowIfAny();
        return ns;
    }

    public static Manifest Account(ObjectModel objects, string name, Dictionary<string, string> annotations) => new(
        "ServiceAccount",
        name,
        TemplateRenderer.Render("kubernetes/serviceaccount.yaml.sbn", objects.Of(name, name.Split('-')[0], annotations)));

    private static Manifest Claim(ObjectModel objects, RepositoryVolumeSpec volume)
    {
        var model = objects.Of(volume.ClaimName, "repository");
        model["size"] = ObjectModel.Quote(volume.Size);
        model["accessMode"] = ObjectModel.Quote(volume.AccessMode);
        model["storageClassName"] = ObjectModel.Quote(volume.StorageClassName);
        return new Manifest("PersistentVolumeClaim", volume.ClaimName, TemplateRenderer.Render("kubernetes/persistentvolumeclaim.yaml.sbn", model));
    }

    /// <summary>One for all Jobs, and one for those that check the platform, where the plan has checks that go elsewhere.</summary>
    private static IEnumerable<Manifest> Networks(ObjectModel objects, BackupPlan plan, string name)
    {
        yield return new Manifest("NetworkPolicy", name, TemplateRenderer.Render(
            "kubernetes/networkpolicy.yaml.sbn", NetworkModel.Of(objects.Of(name, "network"), plan)));
        var checks = $"{name}{OfChecks}";
        if (NetworkModel.OfChecks(objects.Of(checks, "network"), plan) is { } model)
        {
            yield return new Manifest("NetworkPolicy", checks, TemplateRenderer.Render("kubernetes/networkpolicy-checks.yaml.sbn", model));
        }
    }

    private static Manifest Config(ObjectModel objects, AgentPlan agent, ManifestOptions options)
    {
        var yaml = agent.Yaml();
        if (Encoding.UTF8.GetByteCount(yaml) + Encoding.UTF8.GetByteCount(options.Source) > LargestConfigMap)
        {
            throw new UserError(
                $"plan {options.PlanName} is too large for a ConfigMap", "shorten its comments or the list spec.artifacts.exclude", ExitCode.Usage);
        }

        var model = objects.Of(options.PlanMap, "plan");
        model["plan"] = YamlBlock.Literal(yaml, 4);
        model["source"] = YamlBlock.Literal(options.Source, 4);
        return new Manifest("ConfigMap", options.PlanMap, TemplateRenderer.Render("kubernetes/configmap.yaml.sbn", model));
    }
}
