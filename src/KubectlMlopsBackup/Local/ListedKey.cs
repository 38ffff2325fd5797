namespace KubectlMlopsBackup.Local;

/// <param name="Repository">By its name in the plan.</param>
/// <param name="Id">64 hex digits.</param>
/// <param name="Kind"><c>passphrase</c> or <c>aws-kms</c>.</param>
/// <param name="KmsKeyId">ARN of the KMS key; null of passphrases.</param>
/// <param name="Label">Who holds it.</param>
/// <param name="Created">When.</param>
internal sealed record ListedKey(string Repository, string Id, string Kind, string? KmsKeyId, string Label, DateTimeOffset Created);
