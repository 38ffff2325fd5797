namespace KubectlMlopsBackup.Configuration;

/// <summary>Every Deployment and StatefulSet of the namespace has all its pods ready. Only looked at from outside of the cluster's Jobs.</summary>
internal sealed class PodsCheckSpec
{
    /// <summary>Only workloads with these labels, as <c>kubectl -l</c> takes them; null for all.</summary>
    public string? Selector { get; set; }
}
