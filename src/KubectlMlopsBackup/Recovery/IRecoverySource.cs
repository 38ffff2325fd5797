using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Recovery.Reports;
using KubectlMlopsBackup.Sources.ClusterConfig;

namespace KubectlMlopsBackup.Recovery;

/// <summary>Where the backups of a recovery are read from, as far as this process has to read them: the Jobs read the rest.</summary>
internal interface IRecoverySource : IAsyncDisposable
{
    /// <summary>For people: such as <c>s3://bucket/prefix</c>.</summary>
    string Location { get; }

    /// <summary>Of every plan, in every repository that can be opened.</summary>
    Task<IReadOnlyList<ListedRecoveryPoint>> PointsAsync(CancellationToken cancellationToken);

    /// <summary>The objects of a snapshot of the configuration, and what in it is none.</summary>
    /// <param name="snapshot">Its id.</param>
    Task<ConfigReading> ConfigAsync(string snapshot, CancellationToken cancellationToken);

    /// <summary>Of the last drill or recovery of a plan that came to its end; null where there was none.</summary>
    Task<RecoveryReport?> LastReportAsync(string plan, CancellationToken cancellationToken);
}
