namespace KubectlMlopsBackup.Local;

/// <summary>What became of a key of a repository.</summary>
/// <param name="Repository">By its name in the plan.</param>
/// <param name="Id">64 hex digits.</param>
/// <param name="Change"><c>added</c>, <c>removed</c>, or <c>there already</c>.</param>
internal sealed record KeyChange(string Repository, string Id, string Change);
