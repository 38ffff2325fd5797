namespace KubectlMlopsBackup.S3Admin.Policies;

/// <summary>One statement of an IAM policy.</summary>
internal sealed record PolicyStatement(string Sid, IReadOnlyList<string> Actions, IReadOnlyList<string> Resources)
{
    public bool Deny { get; init; }

    public IReadOnlyList<PolicyCondition> Conditions { get; init; } = [];
}
