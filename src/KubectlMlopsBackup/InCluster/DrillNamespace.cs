using System.Globalization;
using System.Net;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.InCluster;

/// <summary>A namespace that a drill has made, as the cluster has it: one that runs, one that is kept, or what a drill that died has left.</summary>
/// <param name="Drill">The id of the drill, as its label has it: whoever may label namespaces can write anything there.</param>
/// <param name="IsKept">Somebody wants to look at it.</param>
/// <param name="Seen">When its drill last said that it still runs.</param>
internal sealed record DrillNamespace(string Name, string Uid, string Drill, bool IsKept, DateTimeOffset Seen)
{
    public const string DrillLabel = "mlopsbackup.io/drill";
    public const string SourceLabel = "mlopsbackup.io/drill-of";
    public const string SeenAnnotation = "mlopsbackup.io/drill-seen";
    public const string KeptAnnotation = "mlopsbackup.io/drill-kept";

    /// <summary>After how long without a word a drill does not run any more: ten times what it usually takes.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(5);

    /// <summary>Whether a drill of that plan comes as far as making one.</summary>
    public static bool MayBe(PlanSpec spec) => spec.Repositories.Exists(r => r.S3 is not null);

    /// <param name="source">The namespace that is rehearsed for. It is never one of them, whatever its labels say.</param>
    /// <returns>In the order of their names; without those that are being deleted.</returns>
    /// <exception cref="ClusterException">Namespaces may not be listed, or no answer.</exception>
    public static async Task<IReadOnlyList<DrillNamespace>> ListAsync(ClusterApi api, string source, CancellationToken cancellationToken)
    {
        var found = await api.ListAsync(ApiResource.Namespaces, null, $"{DrillLabel},{SourceLabel}={source}", null, ClusterJson.Default.ListViewObjectView, cancellationToken);
        return
        [
            .. found.Items.Select(n => n.Metadata).Where(m => m.Name != source && m.DeletionTimestamp is null).Select(Of)
                .OrderBy(n => n.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>For who only wants to tell of them.</summary>
    /// <returns>As <see cref="ListAsync"/>; null where namespaces may not be listed.</returns>
    public static async Task<IReadOnlyList<DrillNamespace>?> TryListAsync(ClusterApi api, string source, CancellationToken cancellationToken)
    {
        try
        {
            return await ListAsync(api, source, cancellationToken);
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            return null;
        }
    }

    /// <summary>Its drill does not run any more, and nobody wants it.</summary>
    public bool IsLeft(DateTimeOffset now) => !IsKept && now - Seen > Silence;

    private static DrillNamespace Of(Metadata meta) => new(
        meta.Name,
        meta.Uid,
        meta.Label(DrillLabel) ?? "",
        meta.Annotation(KeptAnnotation) == "true",
        DateTimeOffset.TryParse(meta.Annotation(SeenAnnotation), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var seen)
            ? seen
            : meta.CreationTimestamp ?? DateTimeOffset.MinValue);
}
