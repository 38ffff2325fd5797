using KubectlMlopsBackup.Cluster.Api;

namespace KubectlMlopsBackup.Diagnostics.Outside;

/// <param name="Subresource">Null for the object itself.</param>
/// <param name="For">The commands that need it.</param>
internal sealed record AccessRight(string Verb, ApiResource Resource, string? Subresource, string For)
{
    /// <summary>Of the one object that is wanted: a Role may give no more; null for all of the kind.</summary>
    public string? Object { get; init; }

    /// <summary>As kubectl has it: <c>pods/log</c>.</summary>
    public string Name => $"{Resource}{(Subresource is null ? "" : $"/{Subresource}")}";
}
