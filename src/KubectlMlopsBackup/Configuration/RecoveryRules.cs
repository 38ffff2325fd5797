namespace KubectlMlopsBackup.Configuration;

/// <summary>Checks <c>spec.recovery</c> beyond its targets.</summary>
internal static class RecoveryRules
{
    private const string Section = "spec.recovery";
    private const int MostHooks = 20;

    public static void Check(BackupPlan plan, PlanProblems problems)
    {
        var recovery = plan.Spec.Recovery;
        PlanValidator.CheckDuration($"{Section}.workloadTimeout", recovery.WorkloadTimeout, problems);
        CheckCommand($"{Section}.infrastructure", recovery.Infrastructure, problems);
        CheckHooks(recovery.Hooks, problems);

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

    private static void CheckCommand(string path, List<string> command, PlanProblems problems)
    {
        for (var i = 0; i < command.Count; i++)
        {
            if (string.IsNullOrEmpty(command[i]) || command[i].Contains('\0', StringComparison.Ordinal))
            {
                problems.Add($"{path}[{i}]", command[i] ?? "", "a program, or an argument of it");
            }
        }
    }

    private static void CheckHooks(List<RecoveryHookSpec> hooks, PlanProblems problems)
    {
        if (hooks.Count > MostHooks)
        {
            problems.Add($"{Section}.hooks", $"has {hooks.Count} hooks; wants at most {MostHooks}");
        }

        for (var i = 0; i < hooks.Count; i++)
        {
            var (hook, path) = (hooks[i], $"{Section}.hooks[{i}]");
            PlanText.CheckDnsLabel($"{path}.name", hook.Name, problems);
            if (hooks.FindIndex(h => h.Name == hook.Name) < i)
            {
                problems.Add($"{path}.name", hook.Name, "a name that no other hook has");
            }

            PlanValidator.CheckDuration($"{path}.timeout", hook.Timeout, problems);
            if ((hook.Before is null) == (hook.After is null))
            {
                problems.Add(path, "wants exactly one of before and after");
            }

            PlanText.CheckOneOf($"{path}.before", hook.Before, problems, [.. RecoveryHookSpec.Steps]);
            PlanText.CheckOneOf($"{path}.after", hook.After, problems, [.. RecoveryHookSpec.Steps]);
            if (hook is { Drill: true, Before: "namespace" or "pause" or "schedules" } or { Drill: true, After: "pause" or "schedules" })
            {
                problems.Add($"{path}.drill", $"is for steps that a drill has, and not for {(hook.Before is { } before ? $"before {before}" : $"after {hook.After}")}");
            }

            if (hook.Command.Count == 0)
            {
                problems.AddMissing($"{path}.command", "a program and its arguments, such as [./switch-dns.sh, --to, dr]");
            }

            CheckCommand($"{path}.command", hook.Command, problems);
        }
    }
}
