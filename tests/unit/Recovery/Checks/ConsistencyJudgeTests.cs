using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Mlflow.Consistency;
using KubectlMlopsBackup.Recovery.Checks;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.UnitTests.Recovery.Checks;

public sealed class ConsistencyJudgeTests
{
    [Fact]
    public void All_there_passes_and_orphans_are_only_told()
    {
        var finding = Judge(new Dictionary<string, long> { ["logged_model"] = 2 }, [], orphans: 3);

        Assert.Equal(CheckOutcome.Passed, finding.Outcome);
        Assert.Contains("2 of 2 objects of MLflow's database have their artifacts in point x: 0 missing, 0 without MLmodel, 3 orphaned files (30 B)", finding.Evidence, StringComparison.Ordinal);
        Assert.Equal(3, finding.Consistency!.OrphanFiles);
    }

    [Fact]
    public void One_that_misses_its_artifacts_fails_and_is_named()
    {
        var finding = Judge(new Dictionary<string, long> { ["logged_model"] = 2 }, new Dictionary<string, long> { ["logged_model"] = 1 });

        Assert.Equal(CheckOutcome.Failed, finding.Outcome);
        Assert.Contains("1 of 2 objects", finding.Evidence, StringComparison.Ordinal);
        Assert.Contains("logged_model m-1 has no artifacts", finding.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_plan_knows_to_be_lost_does_not_fail_it()
    {
        Dictionary<string, long> judged = new() { ["logged_model"] = 5 };
        Dictionary<string, long> missing = new() { ["logged_model"] = 2 };

        Assert.Equal(CheckOutcome.Passed, Judge(judged, missing, mayMiss: 2).Outcome);
        Assert.Equal(CheckOutcome.Failed, Judge(judged, missing, mayMiss: 1).Outcome);
    }

    [Fact]
    public void Where_all_lies_elsewhere_nothing_is_proven() => Assert.Equal(CheckOutcome.Skipped, Judge([], [], outside: 4).Outcome);

    [Fact]
    public void Whatever_the_plan_lists_who_recovers_gets_the_check_once_and_under_a_name_of_its_own()
    {
        var spec = new PlanSpec { Recovery = new RecoverySpec { Checks = [new CheckSpec { Name = "verify mlflow", Rows = new RowsCheckSpec() }] } };

        spec.Recovery.Checks = CheckDefaults.WithConsistency(spec);
        spec.Recovery.Checks = CheckDefaults.WithConsistency(spec);

        Assert.Equal(["verify mlflow", "verify mlflow 2"], spec.Recovery.Checks.Select(c => c.Name));
        Assert.Equal(TimeSpan.FromMinutes(10), spec.Recovery.Checks[1].TimeoutDuration());
    }

    private static CheckFinding Judge(Dictionary<string, long> judged, Dictionary<string, long> missing, long orphans = 0, long outside = 0, int mayMiss = 0)
    {
        var findings = new ConsistencyFindings
        {
            Judged = judged,
            Missing = missing,
            WithoutMlModel = new Dictionary<string, long>(),
            Experiments = [],
            Items = missing.Count == 0 ? [] : [new MissingArtifact("logged_model", "m-1", "1", "mlflow-artifacts:/1/models/m-1", "1/models/m-1", MissingProblem.Missing)],
            PlainVersions = [],
            PlainVersionCount = 0,
            TracesWithoutData = 0,
            Outside = [],
            OutsideCount = outside,
            OutsideUnjudged = outside,
            Deleted = new DeletedArtifacts(0, 0, 0, 0, 0, 0),
            Orphans = new OrphanedArtifacts(orphans, orphans * 10, 0, []),
            NewerFiles = 0,
            References = 2,
            Files = 2,
            Bytes = 20,
        };
        return ConsistencyJudge.Judge(
            findings,
            new ConsistencyProof(findings.JudgedCount, findings.MissingCount, 0, orphans, orphans * 10, outside) { Consistent = findings.Consistent },
            mayMiss,
            "point x");
    }
}
