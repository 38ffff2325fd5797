using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.InCluster.Status;

/// <summary>What has suspended a CronJob, and lets it run again when it comes to its end.</summary>
internal enum ScheduleHolder
{
    [JsonStringEnumMemberName("recovery")]
    Recovery,

    [JsonStringEnumMemberName("restore")]
    Restore,

    /// <summary>It came back with the configuration, held: a person is to start it.</summary>
    [JsonStringEnumMemberName("configuration")]
    Configuration,
}
