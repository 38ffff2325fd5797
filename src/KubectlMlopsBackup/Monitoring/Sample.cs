namespace KubectlMlopsBackup.Monitoring;

/// <param name="Labels">Values of the metric's labels, in their order.</param>
internal sealed record Sample(Metric Metric, double Value, params string[] Labels);
