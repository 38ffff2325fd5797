namespace KubectlMlopsBackup.Cluster.Models;

/// <summary>A Deployment or a StatefulSet, for what its pods are made of.</summary>
internal sealed record TemplatedView : IClusterObject
{
    public Metadata Metadata { get; init; } = new();

    public TemplatedSpecView? Spec { get; init; }

    public IReadOnlyList<ContainerView> Containers => Spec?.Template?.Spec?.Containers ?? [];

    public IReadOnlyList<VolumeView> Volumes => Spec?.Template?.Spec?.Volumes ?? [];

    public IReadOnlyDictionary<string, string> PodLabels => Spec?.Template?.Metadata?.Labels ?? [];
}

internal sealed record TemplatedSpecView(PodTemplateView? Template);

internal sealed record PodTemplateView(Metadata? Metadata, PodTemplateSpecView? Spec);

internal sealed record PodTemplateSpecView(List<ContainerView>? Containers, List<VolumeView>? Volumes, PodSecurityView? SecurityContext);

internal sealed record PodSecurityView(int? RunAsUser, int? RunAsGroup, int? FsGroup);
