namespace KubectlMlopsBackup.Configuration;

/// <summary>For so many days after it was written nobody can delete or overwrite a version of an object.</summary>
internal sealed class S3ObjectLockSpec
{
    public const string Governance = "governance";
    public const string Compliance = "compliance";

    /// <summary><see cref="Governance"/>: who has <c>s3:BypassGovernanceRetention</c> still can. <see cref="Compliance"/>: nobody, not even the account's root.</summary>
    public string Mode { get; set; } = Governance;

    public int Days { get; set; }
}
