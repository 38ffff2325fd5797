using System.Net;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;

namespace KubectlMlopsBackup.Diagnostics.Outside;

/// <summary>Whether the plan's volumes are there, and have a disk.</summary>
internal sealed class ClaimsCheck(ClusterLook look) : Check
{
    public override string Id => "claims";

    public override async Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        var wanted = Wanted().ToList();
        if (wanted.Count == 0)
        {
            return;
        }

        var claims = await look.ClaimsAsync();
        foreach (var (field, name, ours) in wanted)
        {
            var claim = claims.FirstOrDefault(c => c.Metadata.Name == name);
            switch (claim?.Status?.Phase)
            {
                case null when claim is null:
                    found.Problem(
                        Faults.ClaimMissing, $"{field} names PersistentVolumeClaim {name}, which namespace {look.Namespace} does not have",
                        ours ? $"install the plan again: {InstallCommandLine.Of(look)}" : $"set {field}.claimName in the plan to one of: {look.Kubectl("get pvc")}");
                    break;
                case "Lost":
                    found.Problem(
                        Faults.ClaimLost, $"PersistentVolumeClaim {name} ({field}): its volume {claim.Spec?.VolumeName} is gone",
                        $"see whether the volume can be had back: kubectl describe pv {claim.Spec?.VolumeName}; else delete the claim, install again, and copy the backups from another repository: kubectl mlopsbackup mirror");
                    break;
                case "Bound":
                    break;
                default:
                    await PendingAsync(found, field, claim);
                    break;
            }
        }

        found.OkUnlessFault($"{string.Join(", ", wanted.Select(w => w.Name))}: there, and bound");
    }

    private async Task PendingAsync(Findings found, string field, VolumeClaimView claim)
    {
        var name = claim.Metadata.Name;
        IReadOnlyList<StorageClassView>? classes = null;
        try
        {
            classes = await look.ClassesAsync();
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            // Then only the claim itself can tell.
        }

        if (claim.Spec?.StorageClassName is { Length: > 0 } storage && classes is not null)
        {
            if (classes.FirstOrDefault(c => c.Metadata.Name == storage) is not { } there)
            {
                found.Problem(
                    Faults.StorageClassMissing, $"PersistentVolumeClaim {name} wants StorageClass {storage}, and there is: {Names(classes)}",
                    $"set {field}.storageClassName in the plan to one of these; the claim has to be made anew: {look.Kubectl($"delete pvc {name}")}; then {InstallCommandLine.Of(look)}");
                return;
            }

            if (there.VolumeBindingMode == "WaitForFirstConsumer")
            {
                found.Warning(
                    Faults.ClaimPending, $"PersistentVolumeClaim {name} ({field}) gets its volume when the first pod uses it",
                    $"make the repository: kubectl mlopsbackup init --repositories -n {look.Namespace}");
                return;
            }
        }
        else if (claim.Spec?.StorageClassName is null && classes?.Any(c => c.IsDefault) == false)
        {
            found.Problem(
                Faults.StorageClassMissing, $"PersistentVolumeClaim {name} names no StorageClass, and none is the default of the cluster, which has: {Names(classes)}",
                $"set {field}.storageClassName in the plan; the claim has to be made anew: {look.Kubectl($"delete pvc {name}")}; then {InstallCommandLine.Of(look)}");
            return;
        }

        found.Problem(
            Faults.ClaimPending, $"PersistentVolumeClaim {name} ({field}) is {claim.Status?.Phase ?? "new"}: it has no volume",
            $"see why: {look.Kubectl($"describe pvc {name}")}");
    }

    private static string Names(IReadOnlyList<StorageClassView> classes) =>
        classes.Count == 0 ? "none" : string.Join(", ", classes.Select(c => c.Metadata.Name));

    private IEnumerable<(string Field, string Name, bool Ours)> Wanted()
    {
        if (look.Spec.Artifacts?.Volume is { } artifacts)
        {
            yield return ("spec.artifacts.volume", artifacts.ClaimName, false);
        }

        for (var i = 0; i < look.Spec.Repositories.Count; i++)
        {
            if (look.Spec.Repositories[i].Volume is { } volume)
            {
                yield return ($"spec.repositories[{i}].volume", volume.ClaimName, volume.Create);
            }
        }
    }
}
