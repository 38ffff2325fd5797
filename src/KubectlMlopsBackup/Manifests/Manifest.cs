namespace KubectlMlopsBackup.Manifests;

/// <summary>One object for the cluster.</summary>
/// <param name="Yaml">One document, without <c>---</c>, with a newline at its end.</param>
internal sealed record Manifest(string Kind, string Name, string Yaml);
