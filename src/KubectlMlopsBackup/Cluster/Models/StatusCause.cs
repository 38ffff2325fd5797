namespace KubectlMlopsBackup.Cluster.Models;

/// <summary>One of the reasons of a refusal.</summary>
internal sealed record StatusCause(string? Reason, string? Message);
