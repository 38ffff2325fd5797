using System.Text.Json;

namespace KubectlMlopsBackup.Cluster.Jobs;

/// <summary>What a Job came to.</summary>
/// <param name="Job">Its name.</param>
/// <param name="Code">The agent's own exit code, or <see cref="ExitCode.Failed"/> where it could not say one.</param>
/// <param name="Result">What the agent printed as its result; null where it came to none.</param>
/// <param name="Failures">What went wrong, in the order in which it was said.</param>
internal sealed record JobEnd(string Job, ExitCode Code, JsonElement? Result, IReadOnlyList<JobFailure> Failures);

/// <param name="Fix">Null where the message says it already.</param>
internal sealed record JobFailure(string Message, string? Fix);
