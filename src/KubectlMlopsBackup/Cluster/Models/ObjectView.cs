using System.Text.Json;

namespace KubectlMlopsBackup.Cluster.Models;

/// <summary>What any kind of object has.</summary>
internal sealed record ObjectView : IClusterObject
{
    public Metadata Metadata { get; init; } = new();

    /// <summary>Of a Secret: only its keys are looked at. Not shown anywhere.</summary>
    public Dictionary<string, JsonElement>? Data { get; init; }

    /// <summary>Without <see cref="Data"/>: it may be secret.</summary>
    public override string ToString() => Metadata.Name;
}
