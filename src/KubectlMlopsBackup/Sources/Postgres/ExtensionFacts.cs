namespace KubectlMlopsBackup.Sources.Postgres;

internal sealed record ExtensionFacts(string Name, string Version, string Schema);
