using System.Text.Json.Nodes;
using KubectlMlopsBackup.Cluster;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.InCluster.Installing;

/// <summary>Whether what is there already may be written over.</summary>
internal sealed class InstallOwnership(string planName, string ns, string version)
{
    private const string Application = "app.kubernetes.io/name";
    private const string Instance = "app.kubernetes.io/instance";
    private const string VersionLabel = "app.kubernetes.io/version";

    /// <param name="live">Of each manifest; null where there is none.</param>
    /// <exception cref="UserError">It may not.</exception>
    public void Check(IReadOnlyList<Manifest> manifests, IReadOnlyList<JsonObject?> live, InstallOptions options)
    {
        for (var i = 0; i < manifests.Count; i++)
        {
            if (live[i] is not { } there)
            {
                continue;
            }

            var metadata = LiveObject.Metadata(there);
            var name = ApiResource.OfKind(manifests[i].Kind).Named(manifests[i].Name);
            if (manifests[i].Name == ManifestRenderer.PlanConfigMap && metadata.Label(Application) == "mlopsbackup")
            {
                CheckPlan(metadata.Label(Instance), metadata.Label(VersionLabel), options);
            }

            if (options.Force)
            {
                continue;
            }

            if (ForeignOwner.Of(metadata) is { } owner)
            {
                throw Foreign(name, owner);
            }

            if (metadata.Label(Application) != "mlopsbackup" || metadata.Label(Instance) != planName)
            {
                throw new UserError(
                    $"{name} is there already in namespace {ns}, and is not of this plan",
                    manifests[i].Kind == "PersistentVolumeClaim"
                        ? "to use it as it is, set create: false for it in the plan; to make another, set claimName; to take it over: --force-conflicts"
                        : "rename or delete it, or take it over with --force-conflicts",
                    ExitCode.Usage);
            }
        }
    }

    /// <param name="owner">Such as <c>Argo CD (platform)</c>.</param>
    public static UserError Foreign(string name, string owner) => new(
        $"{name} is managed by {owner}, which would undo what is changed here",
        "change the plan where it is managed (render prints what goes there), or take it over with --force-conflicts",
        ExitCode.Usage);

    private void CheckPlan(string? installed, string? installedVersion, InstallOptions options)
    {
        if (installed != planName)
        {
            throw new UserError(
                $"namespace {ns} has the plan {installed} installed, and this one is named {planName}; a namespace has one plan",
                $"set metadata.name to {installed}, or take the other away first: kubectl mlopsbackup uninstall -n {ns} (backups stay)",
                ExitCode.Usage);
        }

        if (!options.AllowDowngrade && installedVersion is not null && ProgramVersion.Compare(version, installedVersion) < 0)
        {
            throw new UserError(
                $"version {installedVersion} is installed in namespace {ns}, and this program is the older {version}",
                $"use version {installedVersion} or newer; --allow-downgrade installs the older one all the same",
                ExitCode.Usage);
        }
    }
}
