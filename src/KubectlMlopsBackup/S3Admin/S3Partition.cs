namespace KubectlMlopsBackup.S3Admin;

/// <summary>The first part of an ARN.</summary>
internal static class S3Partition
{
    /// <param name="region">Null for an ordinary one.</param>
    public static string Of(string? region) => region switch
    {
        { } r when r.StartsWith("cn-", StringComparison.Ordinal) => "aws-cn",
        { } r when r.StartsWith("us-gov-", StringComparison.Ordinal) => "aws-us-gov",
        _ => "aws",
    };
}
