namespace KubectlMlopsBackup.InCluster.Installing;

/// <summary>A value that a plan takes from a Secret.</summary>
/// <param name="Field">Of the plan.</param>
/// <param name="Key">Null where only the Secret is named.</param>
internal sealed record PlanSecret(string Field, string Secret, string? Key);
