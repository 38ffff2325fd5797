using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.InCluster.Target;

/// <summary>
/// An installed plan as it is for another namespace: the same platform and the same backups, and nothing in it that is the source's.
/// What cannot be made so is refused here, before anything is looked at in the cluster.
/// </summary>
internal static class TargetPlan
{
    /// <summary>Of the ConfigMap and the NetworkPolicy that the Jobs there need. Not a plan's own: the namespace may have one installed.</summary>
    public const string MapName = "mlopsbackup-restore";

    /// <summary>On all that is made there.</summary>
    public const string SourceLabel = "mlopsbackup.io/restored-from";

    /// <param name="only">What is restored; null for all.</param>
    /// <param name="to">Another place for the artifacts than the plan's; null for that one.</param>
    /// <exception cref="UserError">It would still point at what the source has.</exception>
    public static InstalledPlan Of(InstalledPlan source, string target, Component? only, string? to)
    {
        RefuseSame(source, target);
        var copy = source.CopyPlan();
        copy.Metadata.Namespace = target;
        // A plan may not have its own namespace for its drills, and a drill's namespace is the target of a drill. There are none from there.
        copy.Spec.Recovery.Drill.Namespace = source.Namespace;
        // Whoever is told of the platform would take its copy's runs for its own.
        copy.Spec.Notifications = null;
        copy.Spec.Monitoring?.Push = null;
        copy.Spec.Kubernetes!.Labels[SourceLabel] = source.Namespace;
        if (copy.Spec.Postgres is { } postgres && only is not Component.Artifacts)
        {
            postgres.Host = TargetHost.Of(postgres.Host, source.Namespace, target, postgres.SslMode == "verify-full");
        }
        else
        {
            copy.Spec.Postgres = null;
        }

        if (only is Component.Postgres)
        {
            copy.Spec.Artifacts = null;
            copy.Spec.Kubernetes.AffinityLabels = [];
        }

        // The configuration is read by who recovers, not by a Job there.
        copy.Spec.Config = null;
        copy.Spec.Recovery.Drill.Schedule = null;
        CheckArtifacts(copy.Spec.Artifacts?.S3, target, to);
        KeepReachable(copy.Spec, source.Namespace, target);
        return source with { Plan = copy, Namespace = target, PlanMap = MapName };
    }

    /// <summary>
    /// For who goes on with a restore that was begun: nothing is read or written by this plan, and what is restored, and to where, was checked then. So nothing
    /// has to be said again.
    /// </summary>
    /// <exception cref="UserError">The two are the same.</exception>
    public static InstalledPlan Begun(InstalledPlan source, string target)
    {
        RefuseSame(source, target);
        var copy = source.CopyPlan();
        copy.Metadata.Namespace = target;
        copy.Spec.Postgres = null;
        copy.Spec.Artifacts = null;
        copy.Spec.Config = null;
        return source with { Plan = copy, Namespace = target, PlanMap = MapName };
    }

    private static void RefuseSame(InstalledPlan source, string target)
    {
        if (target == source.Namespace)
        {
            throw new UserError(
                $"{target} is the platform's own namespace", "leave --to-namespace out to restore into it, or name another one", ExitCode.Usage);
        }
    }

    /// <summary>The same platform in its own namespace, which may have nothing any more but what is made for the recovery.</summary>
    public static InstalledPlan Back(InstalledPlan source)
    {
        var copy = source.CopyPlan();
        copy.Metadata.Namespace = source.Namespace;
        copy.Spec.Kubernetes!.Labels[SourceLabel] = source.Namespace;
        copy.Spec.Config = null;
        copy.Spec.Recovery.Drill.Schedule = null;
        return source with { Plan = copy, PlanMap = MapName };
    }

    /// <summary>A bucket is no namespace's: the same one would be written to.</summary>
    private static void CheckArtifacts(S3Spec? artifacts, string target, string? to)
    {
        if (artifacts is null)
        {
            return;
        }

        var own = $"s3://{artifacts.Bucket}/{artifacts.Prefix}";
        if (to is null || !S3Address.TryParse(to, out var bucket, out var prefix))
        {
            throw new UserError(
                $"the artifacts are in {own}, also for namespace {target}: they would be written over",
                "give the restore a place of its own with --to s3://BUCKET/PREFIX, or restore postgres alone",
                ExitCode.Usage);
        }

        if (bucket == artifacts.Bucket && (Inside(prefix, artifacts.Prefix) || Inside(artifacts.Prefix, prefix)))
        {
            throw new UserError($"--to {to} is where the platform's own artifacts are ({own})", "name another prefix, or another bucket", ExitCode.Usage);
        }
    }

    private static bool Inside(string path, string folder) =>
        folder.Length == 0 || path == folder || path.StartsWith($"{folder}/", StringComparison.Ordinal);

    /// <summary>A volume belongs to one namespace: pods of another cannot have it.</summary>
    private static void KeepReachable(PlanSpec spec, string source, string target)
    {
        var volumes = spec.Repositories.Where(r => r.Volume is not null).Select(r => r.Name).ToList();
        spec.Repositories.RemoveAll(r => r.Volume is not null);
        if (spec.Repositories.Count == 0)
        {
            throw new UserError(
                $"pods of namespace {target} cannot reach the repository {string.Join(", ", volumes)}: its volume belongs to namespace {source}",
                "add a repository in S3 to the plan (spec.repositories), install it, and run: kubectl mlopsbackup mirror",
                ExitCode.Usage);
        }
    }
}
