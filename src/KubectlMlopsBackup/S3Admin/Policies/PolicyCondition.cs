namespace KubectlMlopsBackup.S3Admin.Policies;

/// <param name="Operator">Such as <c>StringLike</c>.</param>
/// <param name="Key">Such as <c>s3:prefix</c>.</param>
internal sealed record PolicyCondition(string Operator, string Key, IReadOnlyList<string> Values);
