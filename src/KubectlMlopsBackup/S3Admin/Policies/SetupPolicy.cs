namespace KubectlMlopsBackup.S3Admin.Policies;

/// <summary>The rights of whoever runs <c>s3 setup</c> and <c>s3 check</c>.</summary>
internal static class SetupPolicy
{
    public static IReadOnlyList<PolicyStatement> Of(BucketWish wish)
    {
        var permissions = BucketSettings.Permissions;
        var name = PolicyPlace.Word(wish.Repository);
        var statements = new List<PolicyStatement>
        {
            new($"Bucket{name}", ["s3:CreateBucket", "s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketVersions"], [wish.BucketArn]),
            new($"Settings{name}", [.. permissions.Select(p => $"s3:Get{p}"), .. permissions.Select(p => $"s3:Put{p}")], [wish.BucketArn]),
            new(
                $"Probe{name}",
                ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:AbortMultipartUpload"],
                [$"{wish.BucketArn}/{PolicyDocument.Literal(wish.Prefix)}mlopsbackup-probe/*"]),
        };
        if (wish.Setup.Replication?.Role is { } role)
        {
            statements.Add(new PolicyStatement($"Replication{name}", ["iam:PassRole"], [role]));
        }

        return statements;
    }
}
