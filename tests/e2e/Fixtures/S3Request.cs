using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.EndToEndTests.Fixtures;

/// <summary>A request to S3 in the words of IAM.</summary>
/// <param name="Action">Such as <c>s3:GetObject</c>.</param>
/// <param name="Resource">The ARN of the bucket or object.</param>
/// <param name="Prefix">Of a list; null for other requests, and for lists without one.</param>
internal sealed record S3Request(string Action, string Resource, string? Prefix)
{
    /// <summary>Of a request with the bucket in its path.</summary>
    public static S3Request Of(ProxyRequest request)
    {
        var parts = request.Target.Split('?', 2);
        var path = parts[0].TrimStart('/').Split('/', 2);
        var query = (parts.Length == 1 ? "" : parts[1]).Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(p => p.Split('=', 2))
            .ToDictionary(p => Uri.UnescapeDataString(p[0]), p => p.Length == 1 ? "" : Uri.UnescapeDataString(p[1]));
        var key = path.Length == 1 ? "" : Uri.UnescapeDataString(path[1]);
        if (key.Length == 0)
        {
            Assert.True(query.ContainsKey("list-type") || query.ContainsKey("delete"), $"{request.Method} {request.Target}: what right does this need?");
            return query.ContainsKey("delete")
                ? new S3Request("s3:DeleteObject", $"arn:aws:s3:::{path[0]}/*", null)
                : new S3Request("s3:ListBucket", $"arn:aws:s3:::{path[0]}", query.GetValueOrDefault("prefix"));
        }

        var action = request.Method switch
        {
            "GET" or "HEAD" => "s3:GetObject",
            // Parts, and the request that makes one object of them, need what a whole object needs.
            "PUT" or "POST" => "s3:PutObject",
            "DELETE" when query.ContainsKey("uploadId") => "s3:AbortMultipartUpload",
            "DELETE" => "s3:DeleteObject",
            _ => throw new Xunit.Sdk.XunitException($"{request.Method} {request.Target}: what right does this need?"),
        };
        return new S3Request(action, $"arn:aws:s3:::{path[0]}/{key}", null);
    }

    /// <summary>Of many objects, whose keys are in its body: the store itself looks at each.</summary>
    public bool IsBatch => Action == "s3:DeleteObject" && Resource.EndsWith("/*", StringComparison.Ordinal);

    /// <summary>As IAM matches a statement's resources and prefixes.</summary>
    public static bool Matches(string pattern, string value) =>
        Regex.IsMatch(value, $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}\\z");
}
