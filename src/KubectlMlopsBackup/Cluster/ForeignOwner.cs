using KubectlMlopsBackup.Cluster.Models;

namespace KubectlMlopsBackup.Cluster;

/// <summary>Tells by an object's labels and annotations who else looks after it.</summary>
internal static class ForeignOwner
{
    private static readonly (string Key, string Who)[] Marks =
    [
        ("argocd.argoproj.io/tracking-id", "Argo CD"),
        ("argocd.argoproj.io/instance", "Argo CD"),
        ("kustomize.toolkit.fluxcd.io/name", "Flux"),
        ("helm.toolkit.fluxcd.io/name", "Flux"),
        ("meta.helm.sh/release-name", "Helm"),
    ];

    /// <returns>Such as <c>Argo CD (platform)</c>; null where nobody is named.</returns>
    public static string? Of(Metadata metadata) => Of(key => metadata.Annotation(key) ?? metadata.Label(key));

    /// <param name="mark">The value of an annotation or label; null where there is none.</param>
    /// <returns>As above.</returns>
    public static string? Of(Func<string, string?> mark)
    {
        foreach (var (key, who) in Marks)
        {
            if (mark(key) is { } value)
            {
                return $"{who} ({value})";
            }
        }

        return null;
    }
}
