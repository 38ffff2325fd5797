namespace KubectlMlopsBackup.Configuration;

internal static class RetentionRules
{
    /// <summary>A daily point for the whole of <see cref="PlanDuration.Longest"/>.</summary>
    private const int Most = 36_500;

    public static void Check(string path, RetentionSpec retention, TimeSpan? rpo, PlanProblems problems)
    {
        if (retention.KeepWithin is { } text && PlanValidator.CheckDuration($"{path}.keepWithin", text, problems) is { } within && within < rpo)
        {
            problems.Add(
                $"{path}.keepWithin",
                text,
                "at least spec.recovery.rpo: a recovery point would be deleted before the next one is due (or leave it out and use keepLast)");
        }

        (string Name, int? Value)[] counts =
        [
            ("keepLast", retention.KeepLast),
            ("keepDaily", retention.KeepDaily),
            ("keepWeekly", retention.KeepWeekly),
            ("keepMonthly", retention.KeepMonthly),
        ];
        foreach (var (name, value) in counts)
        {
            if (value is < 0 or > Most)
            {
                problems.Add($"{path}.{name}", $"{value}", $"a number from 0 to {Most}");
            }
        }

        if (retention.KeepWithin is null && counts.All(c => c.Value is null or 0))
        {
            problems.Add(path, "keeps nothing; wants keepWithin, or at least one of keepLast, keepDaily, keepWeekly, keepMonthly above 0");
        }
    }
}
