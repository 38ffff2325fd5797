namespace KubectlMlopsBackup.Mlflow.Consistency;

/// <summary>A file among the artifacts: of a snapshot, or of a live platform.</summary>
/// <param name="Path">Below the root of the artifacts, raw bytes.</param>
/// <param name="Size">In bytes.</param>
/// <param name="ModifiedNanoseconds">Since 1970.</param>
internal readonly record struct FoundArtifact(byte[] Path, long Size, long ModifiedNanoseconds);
