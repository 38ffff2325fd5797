namespace KubectlMlopsBackup.Mlflow.Consistency;

/// <summary>A file, or a folder with all below it, that nothing in the database points at.</summary>
/// <param name="Path">Below the root of the artifacts; a folder's has a slash at its end.</param>
/// <param name="Files">In it.</param>
/// <param name="Bytes">Of them.</param>
internal sealed record OrphanPlace(string Path, long Files, long Bytes);
