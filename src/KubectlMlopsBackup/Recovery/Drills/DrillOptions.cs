using KubectlMlopsBackup.Recovery.Sources;

namespace KubectlMlopsBackup.Recovery.Drills;

/// <param name="Namespace">The scratch namespace's name, or the beginning of it where that is taken.</param>
/// <param name="Keep">Leave it there afterwards.</param>
/// <param name="StartPatience">For a pod that does not start.</param>
/// <param name="RunHooks">Those of the plan that are marked for drills, on this machine.</param>
/// <param name="Grant">Null where the caller's own rights do.</param>
/// <param name="Clear">Deletes the artifacts of the drills with these ids from their scratch place; null: a Job of the installed plan does it.</param>
internal sealed record DrillOptions(
    string Namespace, PointSelection Point, bool Keep, TimeSpan StartPatience, bool RunHooks, DrillGrant? Grant = null, Func<IReadOnlyList<string>, CancellationToken, Task>? Clear = null);
