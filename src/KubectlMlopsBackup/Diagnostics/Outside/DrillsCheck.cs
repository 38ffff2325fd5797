using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Diagnostics.Outside;

/// <summary>What drills have left in the cluster. The next one takes it away, and that may be in a quarter of a year.</summary>
internal sealed class DrillsCheck(ClusterLook look) : Check
{
    public override string Id => "drills";

    public override async Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        if (!DrillNamespace.MayBe(look.Spec))
        {
            return;
        }

        var namespaces = await DrillNamespace.ListAsync(look.Api, look.Namespace, cancellationToken);
        var now = look.Clock.GetUtcNow();
        foreach (var left in namespaces.Where(n => n.IsLeft(now)))
        {
            found.Warning(
                Faults.DrillLeft,
                $"namespace {left.Name} is of a drill that said {Humanize.Age(now - left.Seen)} ago for the last time that it runs: it died before it could take it away",
                $"kubectl mlopsbackup drill --clean -n {look.Namespace}");
        }

        found.OkUnlessFault(namespaces.Count == 0
            ? "no drill has left anything"
            : string.Join("; ", namespaces.Select(n => n.IsKept ? $"namespace {n.Name} is kept, until: kubectl mlopsbackup drill --clean -n {look.Namespace}" : $"a drill runs in namespace {n.Name}")));
    }
}
