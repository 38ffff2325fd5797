namespace KubectlMlopsBackup.Local;

/// <param name="Repository">By its name in the plan.</param>
/// <param name="Id">64 hex digits.</param>
/// <param name="Label">Who holds the passphrase.</param>
/// <param name="Created">When.</param>
internal sealed record ListedKey(string Repository, string Id, string Label, DateTimeOffset Created);
