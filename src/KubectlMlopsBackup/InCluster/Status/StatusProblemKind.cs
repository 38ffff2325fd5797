using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.InCluster.Status;

/// <summary>Worst first: the order in which they are told.</summary>
internal enum StatusProblemKind
{
    [JsonStringEnumMemberName("damaged")]
    Damaged,

    [JsonStringEnumMemberName("neverSucceeded")]
    NeverSucceeded,

    [JsonStringEnumMemberName("noRecoveryPoint")]
    NoRecoveryPoint,

    /// <summary>Older than the RPO.</summary>
    [JsonStringEnumMemberName("stale")]
    Stale,

    /// <summary>Dated from the future: how old it is, nobody knows.</summary>
    [JsonStringEnumMemberName("clock")]
    Clock,

    [JsonStringEnumMemberName("failed")]
    Failed,

    [JsonStringEnumMemberName("incomplete")]
    Incomplete,

    /// <summary>The last drill did not pass.</summary>
    [JsonStringEnumMemberName("drillFailed")]
    DrillFailed,

    /// <summary>A Job's pod does not start.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    /// <summary>A repository cannot be read.</summary>
    [JsonStringEnumMemberName("unreadable")]
    Unreadable,

    /// <summary>A CronJob or a volume is not there.</summary>
    [JsonStringEnumMemberName("missing")]
    Missing,

    [JsonStringEnumMemberName("suspended")]
    Suspended,

    /// <summary>A run did not begin when it was due.</summary>
    [JsonStringEnumMemberName("missed")]
    Missed,

    /// <summary>Little room is left.</summary>
    [JsonStringEnumMemberName("space")]
    Space,

    [JsonStringEnumMemberName("unverified")]
    Unverified,

    /// <summary>No drill was made when one was due.</summary>
    [JsonStringEnumMemberName("drillOverdue")]
    DrillOverdue,

    /// <summary>A drill that died has left its namespace.</summary>
    [JsonStringEnumMemberName("drillLeft")]
    DrillLeft,

    /// <summary>A recovery point's database names artifacts that it does not have.</summary>
    [JsonStringEnumMemberName("inconsistent")]
    Inconsistent,

    /// <summary>A credential ends soon, or has ended.</summary>
    [JsonStringEnumMemberName("expiring")]
    Expiring,

    /// <summary>Nothing is known.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,
}
