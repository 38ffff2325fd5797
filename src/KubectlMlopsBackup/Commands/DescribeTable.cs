using System.Text.Json;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Commands;

internal static class DescribeTable
{
    public static TableWriter Of(DescribedSnapshot described)
    {
        var s = described.Snapshot;
        var table = new TableWriter(new TableColumn("Field"), new TableColumn("Value"))
            .Add("id", described.Id)
            .Add("component", s.Component.ToString().ToLowerInvariant())
            .Add("verdict", s.Verdict.ToString().ToLowerInvariant())
            .Add("verified", described.Verified is { } level ? $"{level.ToString().ToLowerInvariant()} at {described.VerifiedAt:u}" : "never")
            .Add("repository", described.Repository)
            .Add("recovery points", described.RecoveryPoints.Count == 0 ? "none" : string.Join(", ", described.RecoveryPoints.Select(p => p[..8])))
            .Add("plan", s.Plan)
            .Add("source", s.Source)
            .Add("time of the data", $"{s.Time:u}")
            .Add("finished", $"{s.Finished:u}")
            .Add("took", Humanize.Duration(TimeSpan.FromSeconds(s.Stats.Seconds)))
            .Add("files", $"{Humanize.Count(s.Stats.Files)} ({Humanize.Count(s.Stats.UnchangedFiles)} unchanged), {Humanize.Count(s.Stats.Directories)} directories, {Humanize.Count(s.Stats.Links)} links")
            .Add("size", $"{Humanize.Bytes(s.Stats.Bytes)}, of which {Humanize.Bytes(s.Stats.BytesRead)} read")
            .Add("new", $"{Humanize.Bytes(s.Stats.BytesNew)} in {Humanize.Count(s.Stats.NewChunks)} chunks, stored as {Humanize.Bytes(s.Stats.BytesStored)}")
            .Add("follows", s.Follows?[..8])
            .Add("written by", $"kubectl-mlopsbackup {s.Tool} on {s.Host}");
        if (s.Facts is { } facts)
        {
            foreach (var fact in facts.EnumerateObject())
            {
                table.Add(fact.Name, Fact(fact.Value));
            }
        }

        foreach (var problem in s.Problems)
        {
            table.Add("left out", $"{problem.Path} {problem.Reason}");
        }

        return s.ProblemCount > s.Problems.Count
            ? table.Add("left out", $"… {Humanize.Count(s.ProblemCount)} in all")
            : table;
    }

    /// <summary>Lists and counts on one line.</summary>
    private static string Fact(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(v => v.ToString())),
        JsonValueKind.Object => string.Join(", ", value.EnumerateObject().Select(f => $"{f.Name}: {f.Value}")),
        _ => value.ToString(),
    };

    public static TableWriter Of(DescribedRecoveryPoint described)
    {
        var p = described;
        var table = new TableWriter(new TableColumn("Field"), new TableColumn("Value"))
            .Add("id", p.Id)
            .Add("time", $"{p.Time:u}")
            .Add("complete", p.Complete ? "yes" : "no")
            .Add("consistent", Consistent(described))
            .Add("verified", Verified(p.Verified, p.VerifiedAt))
            .Add("plan", p.Plan)
            .Add("repository", p.Repository);
        foreach (var s in described.Snapshots)
        {
            table.Add(
                s.Component.ToString().ToLowerInvariant(),
                $"{s.Id[..8]} of {s.Time:u}, {s.Verdict.ToString().ToLowerInvariant()}, {Humanize.Count(s.Files)} files, {Humanize.Bytes(s.Bytes)}, "
                + $"verified: {Verified(s.Verified, s.VerifiedAt)}, from {s.Source}");
        }

        return table;
    }

    private static string Verified(VerificationLevel? level, DateTimeOffset? at) =>
        level is { } l ? $"{l.ToString().ToLowerInvariant()} at {at:u}" : "never";

    private static string Consistent(DescribedRecoveryPoint described)
    {
        var word = ListTable.Consistent(described);
        if (described.Consistency is not { } proof)
        {
            return word;
        }

        var findings = new List<string> { $"{Humanize.Count(proof.Judged)} objects must have artifacts" };
        void Add(long count, string what)
        {
            if (count > 0)
            {
                findings.Add($"{Humanize.Count(count)} {what}");
            }
        }

        Add(proof.Missing, "have none");
        Add(proof.WithoutMlModel, "have no MLmodel");
        Add(proof.OrphanFiles, $"files ({Humanize.Bytes(proof.OrphanBytes)}) are orphans");
        Add(proof.Outside, "URIs lie outside of what is backed up");
        return $"{word}, checked at {described.ConsistencyCheckedAt:u}: {string.Join(", ", findings)}";
    }
}
