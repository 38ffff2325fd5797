namespace KubectlMlopsBackup.Seed.Artifacts;

/// <param name="Owner">Index of the run, logged model or trace.</param>
/// <param name="Ordinal">Tells several files of one kind and owner apart.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Source">Index, in the plan, of the file whose content this is: its own, unless it is a copy.</param>
internal readonly record struct ArtifactFile(OwnerKind OwnerKind, int Owner, ArtifactKind Kind, int Ordinal, long Size, int Source);
