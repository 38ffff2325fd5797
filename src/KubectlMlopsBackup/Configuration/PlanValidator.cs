namespace KubectlMlopsBackup.Configuration;

/// <summary>
/// Checks a plan after <see cref="PlanDefaults"/>. Every problem names the field, what it got and what it wants;
/// all are collected. Looks at nothing outside the plan: whether files and buckets exist is found out by who uses them.
/// </summary>
internal static class PlanValidator
{
    public static void Validate(BackupPlan plan, PlanProblems problems)
    {
        CheckHead(plan, problems);
        var spec = plan.Spec;
        if (!PlanTimeZone.IsKnown(spec.TimeZone))
        {
            problems.Add("spec.timeZone", spec.TimeZone, "an IANA time zone such as Etc/UTC or Europe/Berlin");
        }

        PlanText.CheckOneOf("spec.compression", spec.Compression, problems, "none", "fast", "default", "better");
        CheckDuration("spec.recovery.rto", spec.Recovery.Rto, problems);
        var rpo = CheckDuration("spec.recovery.rpo", spec.Recovery.Rpo, problems);
        RecoveryRules.Check(plan, problems);

        if (spec.Postgres is null && spec.Artifacts is null && spec.Config is null
            && !problems.IsSuggested("spec.postgres") && !problems.IsSuggested("spec.artifacts") && !problems.IsSuggested("spec.config"))
        {
            problems.Add("spec", "has nothing to back up; wants postgres, artifacts or config");
        }

        PostgresRules.Check(spec, rpo, problems);
        ArtifactsRules.Check(spec, rpo, problems);
        ConfigRules.Check(spec, rpo, problems);
        RepositoryRules.Check(spec, rpo, problems);
        LocationRules.Check(spec, problems);
        EncryptionRules.Check(spec.Encryption, problems);
        if (spec.Monitoring is { } monitoring)
        {
            MonitoringRules.Check(monitoring, problems);
        }

        NotificationRules.Check(spec.Notifications ?? [], problems);
        CheckRules.Check(spec, problems);
        KubernetesRules.Check(spec, problems);
    }

    /// <returns>Null if it is no duration; the problem has then been added.</returns>
    internal static TimeSpan? CheckDuration(string path, string text, PlanProblems problems)
    {
        if (PlanDuration.TryParse(text, out var duration))
        {
            return duration;
        }

        problems.Add(path, text, $"{PlanDuration.Wanted} (more than zero, at most {PlanDuration.Longest.TotalDays:0}d)");
        return null;
    }

    private static void CheckHead(BackupPlan plan, PlanProblems problems)
    {
        CheckConstant("apiVersion", plan.ApiVersion, BackupPlan.ExpectedApiVersion, problems);
        CheckConstant("kind", plan.Kind, BackupPlan.ExpectedKind, problems);
        PlanText.CheckDnsLabel("metadata.name", plan.Metadata.Name, problems);
        if (plan.Metadata.Namespace is { } ns)
        {
            PlanText.CheckDnsLabel("metadata.namespace", ns, problems);
        }
    }

    private static void CheckConstant(string path, string got, string wanted, PlanProblems problems)
    {
        if (got.Length == 0)
        {
            problems.AddMissing(path, wanted);
        }
        else if (got != wanted)
        {
            problems.Add(path, got, wanted);
        }
    }
}
