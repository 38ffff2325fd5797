namespace KubectlMlopsBackup.Configuration;

/// <summary>The user's own command between two steps of a recovery, on the machine that recovers.</summary>
internal sealed class RecoveryHookSpec
{
    /// <summary>The steps that it may stand beside, as the journal names them.</summary>
    public static readonly IReadOnlyList<string> Steps =
    [
        "namespace", "pause", "configuration", "database-up", "database", "artifacts", "mlflow", "application", "monitoring", "schedules", "checks",
    ];

    /// <summary>In the journal and in reports.</summary>
    public string Name { get; set; } = "";

    /// <summary>The step that waits for it; null where <see cref="After"/> is set.</summary>
    public string? Before { get; set; }

    /// <summary>The step that it waits for; null where <see cref="Before"/> is set.</summary>
    public string? After { get; set; }

    /// <summary>A program and its arguments; no shell reads them.</summary>
    public List<string> Command { get; set; } = [];

    /// <summary>After which it is killed, and has failed.</summary>
    public string Timeout { get; set; } = PlanDefaults.HookTimeout;

    /// <summary>Also in drills, with <c>--run-hooks</c>: it is about the namespace that it is told of, and not about the platform.</summary>
    public bool Drill { get; set; }

    public TimeSpan TimeoutDuration() => PlanDuration.Parse(Timeout);
}
