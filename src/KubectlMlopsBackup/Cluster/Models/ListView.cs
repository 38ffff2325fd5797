using System.Text.Json.Serialization;

namespace KubectlMlopsBackup.Cluster.Models;

/// <summary>One page of a collection.</summary>
internal sealed record ListView<T>(ListMetadata Metadata, IReadOnlyList<T>? Items);

/// <param name="Continue">Asks for the next page; null or empty at the end.</param>
internal sealed record ListMetadata(string? ResourceVersion, [property: JsonPropertyName("continue")] string? Continue);
