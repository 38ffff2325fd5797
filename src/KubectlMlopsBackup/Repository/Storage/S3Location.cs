namespace KubectlMlopsBackup.Repository.Storage;

internal static class S3Location
{
    /// <summary>For messages: <c>s3://bucket/prefix</c>.</summary>
    public static string Of(string bucket, string prefix)
    {
        var trimmed = prefix.Trim('/');
        return trimmed.Length == 0 ? $"s3://{bucket}" : $"s3://{bucket}/{trimmed}";
    }
}
