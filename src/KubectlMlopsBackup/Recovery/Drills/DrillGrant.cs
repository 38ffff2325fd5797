namespace KubectlMlopsBackup.Recovery.Drills;

/// <summary>What a drill that runs with an account of its own gives itself in its scratch namespace: it has no rights there before.</summary>
/// <param name="Role">A ClusterRole, of the installation.</param>
internal sealed record DrillGrant(string Account, string AccountNamespace, string Role);
