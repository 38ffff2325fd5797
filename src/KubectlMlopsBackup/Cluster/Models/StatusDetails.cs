namespace KubectlMlopsBackup.Cluster.Models;

/// <param name="Causes">Null where the API gives none.</param>
internal sealed record StatusDetails(List<StatusCause>? Causes);
