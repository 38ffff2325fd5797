namespace KubectlMlopsBackup.Repository.Retention;

internal sealed record PruneOptions
{
    /// <summary>
    /// How long a pack stays after nothing references it any more. Longer than any backup may run (24 hours) by a day for clocks
    /// that differ: see docs/repository-format.md.
    /// </summary>
    public static readonly TimeSpan DefaultGrace = TimeSpan.FromHours(48);

    public required RetentionPolicy Policy { get; init; }

    public TimeSpan Grace { get; init; } = DefaultGrace;

    public bool DryRun { get; init; }

    /// <summary>Told, in words, when another prune's lease has to be waited for.</summary>
    public Action<string>? Waiting { get; init; }

    /// <summary>A pack of which a smaller share than this is still needed is written anew without the rest.</summary>
    public double RepackBelow { get; init; } = 0.5;
}
