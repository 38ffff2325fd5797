namespace KubectlMlopsBackup.Monitoring;

/// <summary>Where the figures come from.</summary>
internal interface IStatusFeed
{
    /// <summary>The plan's name.</summary>
    string Plan { get; }

    /// <exception cref="UserError">It cannot be read.</exception>
    /// <exception cref="Cluster.Api.ClusterException">Refused, or no answer.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    Task<IReadOnlyList<Sample>> ReadAsync(CancellationToken cancellationToken);
}
