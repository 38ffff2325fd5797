namespace KubectlMlopsBackup.Configuration;

/// <summary>Checks <c>spec.recovery</c> beyond its targets.</summary>
internal static class RecoveryRules
{
    private const string Section = "spec.recovery";

    public static void Check(BackupPlan plan, PlanProblems problems)
    {
        var recovery = plan.Spec.Recovery;
        PlanValidator.CheckDuration($"{Section}.workloadTimeout", recovery.WorkloadTimeout, problems);
        for (var i = 0; i < recovery.Infrastructure.Count; i++)
        {
            if (string.IsNullOrEmpty(recovery.Infrastructure[i]) || recovery.Infrastructure[i].Contains('\0', StringComparison.Ordinal))
            {
                problems.Add($"{Section}.infrastructure[{i}]", recovery.Infrastructure[i] ?? "", "a program, or an argument of it");
            }
        }

        PlanText.CheckDnsLabel($"{Section}.drill.namespace", recovery.Drill.Namespace, problems);
        if (recovery.Drill.Namespace == plan.Metadata.Namespace)
        {
            problems.Add($"{Section}.drill.namespace", recovery.Drill.Namespace, "another namespace than the platform's own: a drill makes and deletes it");
        }

        ScheduleRules.Check($"{Section}.drill.schedule", recovery.Drill.Schedule, plan.Spec.TimeZone, null, problems);
        CheckArtifacts(plan.Spec, problems);
        KubernetesText.CheckQuantity($"{Section}.drill.cpu", recovery.Drill.Cpu, problems);
        KubernetesText.CheckQuantity($"{Section}.drill.memory", recovery.Drill.Memory, problems);
        KubernetesText.CheckQuantity($"{Section}.drill.storage", recovery.Drill.Storage, problems);
    }

    private static void CheckArtifacts(PlanSpec spec, PlanProblems problems)
    {
        const string Path = $"{Section}.drill.artifacts";
        if (spec.Recovery.Drill.Artifacts is not { } scratch)
        {
            return;
        }

        if (spec.Artifacts?.S3 is null)
        {
            problems.Add(Path, "is for artifacts in S3, and spec.artifacts.s3 is not set: others come back in the scratch namespace");
        }

        S3Rules.Check(Path, new S3Spec { Bucket = scratch.Bucket, Prefix = scratch.Prefix }, problems);
        if (scratch.Prefix.Length == 0)
        {
            problems.AddMissing($"{Path}.prefix", "a prefix that holds nothing else: drills write below it, and delete what they wrote");
        }
    }
}
