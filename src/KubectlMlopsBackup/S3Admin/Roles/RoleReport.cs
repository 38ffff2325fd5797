namespace KubectlMlopsBackup.S3Admin.Roles;

/// <summary>What became of a role.</summary>
/// <param name="Role">Such as <c>backup</c>.</param>
/// <param name="Arn">Null where it is not made yet.</param>
/// <param name="Changes">What was changed, or would be.</param>
internal sealed record RoleReport(string Role, string Name, string? Arn, RoleState State, IReadOnlyList<string> Changes);
