namespace KubectlMlopsBackup.Monitoring.Pushing;

/// <param name="Name">Such as <c>run-postgres</c>.</param>
internal sealed record FigureGroup(string Name, IReadOnlyList<Sample> Samples);
