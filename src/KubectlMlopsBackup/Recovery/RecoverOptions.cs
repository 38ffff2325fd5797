using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Sources.ClusterConfig;

namespace KubectlMlopsBackup.Recovery;

/// <summary>A recovery that was decided on.</summary>
internal sealed record RecoverOptions
{
    /// <summary>Longer than most take; whoever does not want to wait can end it.</summary>
    public static readonly TimeSpan UsualBackupPatience = TimeSpan.FromMinutes(10);

    /// <summary>The plan as it was installed: its namespace is the one that the backups are of.</summary>
    public required InstalledPlan Installed { get; init; }

    /// <summary>The namespace that is recovered into.</summary>
    public required string Namespace { get; init; }

    /// <summary>Its repository is named as in the plan.</summary>
    public required ListedRecoveryPoint Point { get; init; }

    public required IReadOnlyList<ConfigObject> Objects { get; init; }

    /// <summary>Where the backups are, for people.</summary>
    public required string From { get; init; }

    /// <summary>The plan's hooks are run; otherwise they are named as left out, since the plan is no file of this machine.</summary>
    public bool RunHooks { get; init; }

    /// <summary>When the recovery was asked for: the time that counts begins here.</summary>
    public required DateTimeOffset Began { get; init; }

    public required TimeSpan StartPatience { get; init; }

    /// <summary>For a backup that is at work in the namespace.</summary>
    public TimeSpan BackupPatience { get; init; } = UsualBackupPatience;
}
