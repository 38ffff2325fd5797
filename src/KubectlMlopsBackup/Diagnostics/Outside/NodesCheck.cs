using KubectlMlopsBackup.Cluster.Models;

namespace KubectlMlopsBackup.Diagnostics.Outside;

/// <summary>Whether the backup of the artifacts runs where their volume is.</summary>
internal sealed class NodesCheck(ClusterLook look) : Check
{
    public override string Id => "nodes";

    public override async Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        if (look.Spec.Artifacts?.Volume is not { } volume)
        {
            return;
        }

        var claim = (await look.ClaimsAsync()).FirstOrDefault(c => c.Metadata.Name == volume.ClaimName);
        var pods = (await look.PodsAsync()).Where(p => !p.IsEnded && p.Spec?.NodeName is not null).ToList();
        var labels = look.Spec.Kubernetes!.AffinityLabels;
        if (labels.Count > 0)
        {
            var there = pods.Where(p => labels.All(l => p.Metadata.Label(l.Key) == l.Value)).ToList();
            if (there.Count == 0)
            {
                found.Problem(
                    Faults.AffinityNoPod, $"no pod of namespace {look.Namespace} runs that has {Text(labels)}: no node takes the backup's pod",
                    $"start the platform, or set spec.kubernetes.affinityLabels in the plan to labels of: {look.Kubectl("get pods --show-labels")}; then install it again");
                return;
            }

            found.Ok($"the backup runs on {string.Join(" or ", there.Select(p => p.Spec!.NodeName).Distinct())}, beside {there[0].Metadata.Name}");
            return;
        }

        var holders = pods.Where(p => Mounts(p, volume.ClaimName) && p.Metadata.Label("app.kubernetes.io/name") != "mlopsbackup").ToList();
        if (claim?.IsOfOneNode != true || holders.Count == 0)
        {
            found.Ok(claim?.IsOfOneNode == true ? "no pod has the artifacts' volume now: the backup may run anywhere" : "the artifacts' volume can be on many nodes");
            return;
        }

        var nodes = pods.Select(p => p.Spec!.NodeName!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (nodes.Count == 1)
        {
            found.Ok($"all pods of the namespace are on {nodes[0]}, where the artifacts' volume is");
            return;
        }

        var proposal = Proposal(holders[0].Metadata.Labels ?? []);
        found.Problem(
            Faults.VolumeElsewhere,
            $"the volume of PersistentVolumeClaim {volume.ClaimName} is {string.Join(", ", claim.Spec!.AccessModes!)}, and on {holders[0].Spec!.NodeName} with pod {holders[0].Metadata.Name}; "
            + $"spec.kubernetes.affinityLabels is not set, and the namespace has pods on {string.Join(", ", nodes)}",
            $"set spec.kubernetes.affinityLabels in the plan to {Text(proposal)} and install it again");
    }

    private static bool Mounts(PodView pod, string claim) => pod.Spec?.Volumes?.Exists(v => v.PersistentVolumeClaim?.ClaimName == claim) == true;

    /// <summary>Labels that stay the same when the pod is made anew.</summary>
    private static Dictionary<string, string> Proposal(Dictionary<string, string> labels)
    {
        string[] telling = ["app.kubernetes.io/name", "app.kubernetes.io/instance", "app"];
        var chosen = labels.Where(l => telling.Contains(l.Key)).ToDictionary(StringComparer.Ordinal);
        return chosen.Count > 0 ? chosen : labels.Where(l => !l.Key.Contains("hash", StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
    }

    private static string Text(Dictionary<string, string> labels) =>
        $"{{{string.Join(", ", labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}: {l.Value}"))}}}";
}
