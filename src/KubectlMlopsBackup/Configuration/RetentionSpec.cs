namespace KubectlMlopsBackup.Configuration;

/// <summary>A recovery point is kept if any of the rules keeps it.</summary>
internal sealed class RetentionSpec
{
    public string? KeepWithin { get; set; }

    public int? KeepLast { get; set; }

    public int? KeepDaily { get; set; }

    public int? KeepWeekly { get; set; }

    public int? KeepMonthly { get; set; }

    public TimeSpan? KeepWithinDuration() => KeepWithin is null ? null : PlanDuration.Parse(KeepWithin);
}
