namespace KubectlMlopsBackup.Manifests;

/// <summary>One object for the cluster.</summary>
/// <param name="Namespace">Null for that of the installation, and for what is in none.</param>
/// <param name="Yaml">One document, without <c>---</c>, with a newline at its end.</param>
internal sealed record Manifest(string Kind, string Name, string Yaml, string? Namespace = null);
