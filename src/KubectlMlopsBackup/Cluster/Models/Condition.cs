namespace KubectlMlopsBackup.Cluster.Models;

/// <param name="Status"><c>True</c>, <c>False</c> or <c>Unknown</c>.</param>
internal sealed record Condition(string Type, string Status, string? Reason, string? Message, DateTimeOffset? LastTransitionTime);
