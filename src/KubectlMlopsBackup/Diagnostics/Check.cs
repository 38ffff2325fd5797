namespace KubectlMlopsBackup.Diagnostics;

/// <summary>Looks at one thing. Checks run side by side, and know nothing of each other.</summary>
internal abstract class Check
{
    /// <summary>Stable: scripts go by it.</summary>
    public abstract string Id { get; }

    /// <summary>Says nothing where there is nothing to look at, as with a plan that has no such part.</summary>
    /// <exception cref="Cluster.Api.ClusterException">It may not be looked at, or there was no answer.</exception>
    public abstract Task RunAsync(Findings found, CancellationToken cancellationToken);
}
