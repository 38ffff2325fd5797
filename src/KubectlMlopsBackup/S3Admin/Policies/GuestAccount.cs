namespace KubectlMlopsBackup.S3Admin.Policies;

/// <summary>A ServiceAccount of another namespace than the plan's, which acts as a role too: that of a drill.</summary>
internal sealed record GuestAccount(string Namespace, string Name);
