namespace KubectlMlopsBackup.Cluster.Models;

/// <summary>The API's answer where it has no object to give.</summary>
internal sealed record StatusView(string? Kind, string? Message, string? Reason, int? Code, StatusDetails? Details = null);
