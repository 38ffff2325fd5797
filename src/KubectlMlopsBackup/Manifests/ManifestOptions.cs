namespace KubectlMlopsBackup.Manifests;

/// <summary>What the objects need beside the plan.</summary>
/// <param name="PlanName">The plan's file, for messages.</param>
/// <param name="Source">The plan as it was written: it is kept in the cluster beside the one that the Jobs see.</param>
/// <param name="Namespace">Null for that of the plan.</param>
/// <param name="Version">This program's: labels, and the tag of the default image.</param>
/// <param name="PlanMap">The ConfigMap that the Jobs have their plan from.</param>
internal sealed record ManifestOptions(
    string PlanName, string Source, string? Namespace, string Version, string PlanMap = ManifestRenderer.PlanConfigMap);
