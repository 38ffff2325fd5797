using KubectlMlopsBackup.Mlflow.Consistency;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Recovery.Checks;

/// <summary>Judges what came of holding a recovery point's database against its artifacts.</summary>
internal static class ConsistencyJudge
{
    private const int MostNamed = 3;

    /// <param name="proof">The counts of the findings.</param>
    /// <param name="mayMiss">So many objects may lack their artifacts.</param>
    /// <param name="point">For people.</param>
    public static CheckFinding Judge(ConsistencyFindings findings, ConsistencyProof proof, int mayMiss, string point)
    {
        var lacking = proof.Missing + proof.WithoutMlModel;
        var counts = $"{Humanize.Count(proof.Judged - lacking)} of {Humanize.Count(proof.Judged)} objects of MLflow's database have their artifacts in {point}: "
            + $"{Humanize.Count(proof.Missing)} missing, {Humanize.Count(proof.WithoutMlModel)} without MLmodel, "
            + $"{Humanize.Count(proof.OrphanFiles)} orphaned files ({Humanize.Bytes(proof.OrphanBytes)})"
            + (proof.Outside > 0 ? $", {Humanize.Count(proof.Outside)} references outside of the backup" : "");
        var finding = findings.Consistent switch
        {
            true => CheckFinding.Passed(counts),
            false when lacking <= mayMiss => CheckFinding.Passed($"{counts}; {Humanize.Count(mayMiss)} may lack them"),
            false => CheckFinding.Failed($"{counts}; {Named(findings.Items)}"),
            null => CheckFinding.Skipped($"{counts}: nothing could be judged"),
        };
        return finding with { Consistency = proof };
    }

    private static string Named(IReadOnlyList<MissingArtifact> items) =>
        $"{string.Join("; ", items.Take(MostNamed).Select(i => $"{i.Kind} {i.Id} {Words(i.Problem)}"))}{(items.Count > MostNamed ? "; …" : "")}";

    private static string Words(MissingProblem problem) => problem switch
    {
        MissingProblem.NoMlModel => "has no MLmodel",
        MissingProblem.Dangling => "names what is not in the database",
        _ => "has no artifacts",
    };
}
