using System.Text.Json.Nodes;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.Diagnostics.Outside;

/// <summary>Whether all that the plan needs is there, and as the plan has it.</summary>
internal sealed class ObjectsCheck(ClusterLook look) : Check
{
    private const int MostShown = 4;

    /// <summary>Longer values are named, not shown.</summary>
    private const int LongestShown = 60;

    /// <summary>These have a check of their own, which says what they mean.</summary>
    private static readonly string[] Elsewhere = ["spec.suspend", "spec.concurrencyPolicy", "spec.timeZone"];

    public override string Id => "objects";

    public override async Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        if (look.Installed.Version != ToolVersion.Current)
        {
            found.Skip($"not compared: {look.Installed.Version} has installed it, and this is {ToolVersion.Current}");
            return;
        }

        var live = await Task.WhenAll(look.Manifests.Select(m => FindAsync(m, cancellationToken)));
        foreach (var (manifest, (refused, now)) in look.Manifests.Zip(live))
        {
            if (refused is not null)
            {
                found.Skip(refused.Message, refused.Fix);
                continue;
            }

            // Claims and CronJobs have a check of their own where they are missing.
            if (now is null && manifest.Kind is not ("PersistentVolumeClaim" or "CronJob"))
            {
                found.Problem(Faults.ObjectMissing, $"{manifest.Kind} {manifest.Name} is not there", $"install the plan again: {InstallCommandLine.Of(look)}");
            }
            else if (now is not null)
            {
                Compare(found, manifest, now);
            }
        }

        found.OkUnlessFault($"{look.Manifests.Count} objects are as the plan has them");
    }

    private void Compare(Findings found, Manifest manifest, JsonObject now)
    {
        var differences = ObjectDrift.Of(YamlTree.Parse(manifest.Yaml), now)
            .Where(d => manifest.Kind != "CronJob" || !Elsewhere.Contains(d.Path))
            .Where(d => !IsLargerVolume(manifest, d))
            .ToList();
        if (differences.Count == 0)
        {
            return;
        }

        var shown = differences.Take(MostShown).Select(d =>
            d.Wanted.Length > LongestShown || d.Live.Length > LongestShown ? $"{d.Path} differs" : $"{d.Path} is {d.Live}, the plan has {d.Wanted}");
        var more = differences.Count > MostShown ? $", and {differences.Count - MostShown} more" : "";
        found.Warning(
            Faults.ObjectDrifted,
            $"{manifest.Kind} {manifest.Name}: {string.Join("; ", shown)}{more}",
            $"put the change into the plan, or undo it: {InstallCommandLine.Of(look, " --force-conflicts")}");
    }

    /// <summary>A volume that was made larger is no fault, and cannot be made smaller again.</summary>
    private static bool IsLargerVolume(Manifest manifest, ObjectDrift.Difference difference) =>
        manifest.Kind == "PersistentVolumeClaim" && difference.Path == "spec.resources.requests.storage"
        && Quantity.TryParse(difference.Wanted, out var wanted) && Quantity.TryParse(difference.Live, out var live) && live > wanted;

    /// <returns>Why it may not be looked at; else what is there.</returns>
    private async Task<(ClusterException? Refused, JsonObject? Now)> FindAsync(Manifest manifest, CancellationToken cancellationToken)
    {
        try
        {
            return (null, await look.Api.GetWholeAsync(ApiResource.OfKind(manifest.Kind), manifest.Namespace ?? look.Namespace, manifest.Name, cancellationToken));
        }
        catch (ClusterException e) when (e.IsNotFound)
        {
            return (null, null);
        }
        catch (ClusterException e) when (e.Status == System.Net.HttpStatusCode.Forbidden)
        {
            return (e, null);
        }
    }
}
