namespace KubectlMlopsBackup.Seed.Database;

/// <param name="Name">Index of the registered model.</param>
/// <param name="Version">From 1.</param>
/// <param name="Model">The logged model it is; null where it is the run's own <c>model/</c>.</param>
internal readonly record struct ModelVersion(int Name, int Version, int Run, int? Model);
