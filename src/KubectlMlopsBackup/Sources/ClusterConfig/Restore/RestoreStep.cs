namespace KubectlMlopsBackup.Sources.ClusterConfig.Restore;

/// <summary>One step of a restore.</summary>
/// <param name="Objects">As they would be applied, in their order.</param>
internal sealed record RestoreStep(RestorePhase Phase, IReadOnlyList<ConfigObject> Objects);
