using System.Text.Json.Nodes;
using KubectlMlopsBackup.Cluster;

namespace KubectlMlopsBackup.Sources.ClusterConfig;

/// <summary>An object as a snapshot keeps it: cleaned of what a cluster adds.</summary>
/// <param name="Body">Whole; not to be changed in place, see <see cref="Copy"/>.</param>
internal sealed record ConfigObject(ObjectKey Key, JsonObject Body)
{
    /// <summary>On a Secret that was kept without its values: the names of its keys, separated by commas.</summary>
    public const string KeysOnly = "mlopsbackup.io/keys-only";

    public string ApiVersion => Body.Text("apiVersion") ?? "";

    /// <summary>Who else looks after it and will change it back, such as <c>Helm (mlflow)</c>; null where nobody is named.</summary>
    public string? ManagedBy => ForeignOwner.Of(mark => Annotation(mark) ?? Label(mark));

    /// <summary>Whether it belongs to this program's own installation.</summary>
    public bool IsOwn => Label("app.kubernetes.io/name") == "mlopsbackup" && Label("app.kubernetes.io/managed-by") == "kubectl-mlopsbackup";

    /// <param name="body">With <c>apiVersion</c>, <c>kind</c> and a name.</param>
    /// <exception cref="InvalidDataException">It is no Kubernetes object.</exception>
    public static ConfigObject Of(JsonObject body)
    {
        var version = body.Text("apiVersion") ?? throw new InvalidDataException("it has no apiVersion");
        var slash = version.IndexOf('/', StringComparison.Ordinal);
        var key = new ObjectKey(
            slash < 0 ? "" : version[..slash],
            body.Text("kind") ?? throw new InvalidDataException("it has no kind"),
            body.At("metadata", "namespace").Text(),
            body.At("metadata", "name").Text() ?? throw new InvalidDataException("it has no metadata.name"));
        return key.IsValid ? new ConfigObject(key, body) : throw new InvalidDataException("its kind, namespace or name is none that the API allows");
    }

    public string? Annotation(string name) => Body.At("metadata", "annotations", name).Text();

    public string? Label(string name) => Body.At("metadata", "labels", name).Text();

    /// <summary>A body that may be changed.</summary>
    public JsonObject Copy() => Body.DeepClone().AsObject();

    /// <summary>Without the body: it may be secret.</summary>
    public override string ToString() => Key.ToString();
}
