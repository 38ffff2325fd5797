namespace KubectlMlopsBackup.Repository.Retention;

/// <summary>What is kept: a snapshot that any rule keeps. Days, weeks (from Monday) and months are those of <see cref="Zone"/>.</summary>
internal sealed record RetentionPolicy
{
    /// <summary>Everything younger.</summary>
    public TimeSpan? KeepWithin { get; init; }

    /// <summary>So many of the newest.</summary>
    public int KeepLast { get; init; }

    /// <summary>The last of each of so many days that have one.</summary>
    public int KeepDaily { get; init; }

    public int KeepWeekly { get; init; }

    public int KeepMonthly { get; init; }

    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;
}
