namespace KubectlMlopsBackup.InCluster.Status;

/// <param name="Subject">A component, a repository, or <c>verify</c>.</param>
/// <param name="Message">One line, without the subject.</param>
/// <param name="Fix">What to do next; null where the message says it already.</param>
internal sealed record StatusProblem(StatusSeverity Severity, StatusProblemKind Kind, string Subject, string Message, string? Fix);
