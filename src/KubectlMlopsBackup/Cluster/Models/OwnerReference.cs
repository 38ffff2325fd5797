namespace KubectlMlopsBackup.Cluster.Models;

internal sealed record OwnerReference(string ApiVersion, string Kind, string Name, string Uid, bool? Controller);
