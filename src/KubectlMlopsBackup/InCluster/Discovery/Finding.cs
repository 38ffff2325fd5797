namespace KubectlMlopsBackup.InCluster.Discovery;

/// <summary>A value for the plan, and where it comes from.</summary>
/// <param name="Note">Begins with <c>found:</c> or <c>guessed:</c>.</param>
internal sealed record Finding<T>(T Value, string Note);
