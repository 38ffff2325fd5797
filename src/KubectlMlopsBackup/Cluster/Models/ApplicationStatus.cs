namespace KubectlMlopsBackup.Cluster.Models;

internal sealed record ApplicationStatus
{
    /// <summary>The objects that the Application manages.</summary>
    public List<ApplicationResource>? Resources { get; init; }
}
