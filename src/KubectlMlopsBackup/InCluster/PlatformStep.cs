namespace KubectlMlopsBackup.InCluster;

/// <param name="Result"><c>done</c> or <c>failed</c>.</param>
/// <param name="Detail">Null where there is no more to say.</param>
internal sealed record PlatformStep(string Name, double Seconds, string Result, string? Detail);
