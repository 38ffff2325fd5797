using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.Repository.Kms;

/// <summary>How a key of AWS KMS is named. Source: docs.aws.amazon.com/kms/latest/developerguide/concepts.html, "Key identifiers".</summary>
internal static partial class KmsArn
{
    /// <summary>An ARN of a key or an alias, a key's id (also of a multi-Region key), or <c>alias/NAME</c>.</summary>
    public static bool IsKeyId(string text) => IsArn(text) || Local().IsMatch(text);

    public static bool IsArn(string text) => Full().IsMatch(text);

    /// <returns>Null where it is no ARN.</returns>
    public static string? Region(string text) => Full().Match(text) is { Success: true } match ? match.Groups["region"].Value : null;

    [GeneratedRegex("""^arn:aws[a-z-]*:kms:(?<region>[a-z0-9-]{1,32}):[0-9]{12}:(key/[A-Za-z0-9-]{1,64}|alias/[A-Za-z0-9/_-]{1,250})\z""")]
    private static partial Regex Full();

    [GeneratedRegex("""^(alias/[A-Za-z0-9/_-]{1,250}|(mrk-)?[0-9a-f-]{32,36})\z""")]
    private static partial Regex Local();
}
