namespace KubectlMlopsBackup.Sources.Artifacts;

/// <summary>A file went away or became another between the walk and the reading.</summary>
internal sealed class SourceChangedException(string reason) : IOException(reason);
