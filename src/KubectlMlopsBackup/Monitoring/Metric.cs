namespace KubectlMlopsBackup.Monitoring;

/// <summary>A family of figures, in OpenMetrics' words. All are gauges: each is read anew, none is counted here.</summary>
/// <param name="Name">With its unit at the end, where it has one.</param>
/// <param name="Unit">Such as <c>seconds</c>; null for none.</param>
/// <param name="Labels">Beside <c>plan</c>. Each has as many values as the plan has parts: never a Job, a pod or a snapshot.</param>
internal sealed record Metric(string Name, string? Unit, string Help, params string[] Labels);
