namespace KubectlMlopsBackup.Sources.Artifacts.S3;

/// <summary>Another object has the key now. Not for a second try, which would meet the same.</summary>
internal sealed class SourceReplacedException(Exception? inner) : Exception("the object was replaced", inner);
