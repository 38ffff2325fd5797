namespace KubectlMlopsBackup.InCluster.Status;

/// <summary>One Job.</summary>
/// <param name="Job">Its name.</param>
/// <param name="Verdict"><c>complete</c>, <c>incomplete</c>, <c>damaged</c>, <c>failed</c>, <c>running</c> or <c>waiting</c>.</param>
/// <param name="ExitCode">The agent's own; null while it runs.</param>
/// <param name="Started">When the Job began.</param>
/// <param name="Ended">Null while it runs.</param>
/// <param name="Cause">Why it failed, or what it waits for, in one line.</param>
/// <param name="Fix">Null where nothing is to be said.</param>
internal sealed record RunStatus(
    string Job, string Verdict, int? ExitCode, DateTimeOffset? Started, DateTimeOffset? Ended, string? Cause, string? Fix);
