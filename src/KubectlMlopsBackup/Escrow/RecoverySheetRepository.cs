namespace KubectlMlopsBackup.Escrow;

/// <param name="Name">In the plan.</param>
/// <param name="Address">A path, a claim or <c>s3://bucket/prefix</c>, with endpoint and region where the plan has them.</param>
/// <param name="Id">Of the repository: 32 hex digits.</param>
/// <param name="KeyId">Of the key file that the passphrase opens: 64 hex digits.</param>
/// <param name="Place">As a field of a plan, in YAML's flow style.</param>
internal sealed record RecoverySheetRepository(string Name, string Address, string Id, string KeyId, string Place);
