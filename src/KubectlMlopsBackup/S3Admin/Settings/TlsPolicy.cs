using System.Text.Json;
using System.Text.Json.Nodes;

namespace KubectlMlopsBackup.S3Admin.Settings;

/// <summary>Reads and completes a bucket's policy, which others may have statements in, too.</summary>
internal static class TlsPolicy
{
    public const string Sid = "MlopsBackupTlsOnly";

    private const string Version = "2012-10-17";

    /// <returns>Null where it is no policy.</returns>
    public static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject policy && policy["Statement"] is JsonObject or JsonArray ? policy : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static JsonObject Statement(string bucketArn) => new()
    {
        ["Sid"] = Sid,
        ["Effect"] = "Deny",
        ["Principal"] = "*",
        ["Action"] = "s3:*",
        ["Resource"] = new JsonArray(bucketArn, $"{bucketArn}/*"),
        ["Condition"] = new JsonObject { ["Bool"] = new JsonObject { ["aws:SecureTransport"] = "false" } },
    };

    /// <summary>Whether some statement, whoever wrote it, refuses everything without TLS.</summary>
    public static bool Has(JsonObject policy, string bucketArn) => Statements(policy).Any(s => Refuses(s, bucketArn));

    public static string Describe(JsonObject policy) => Statements(policy).Count() switch
    {
        0 => "no statement",
        1 => "1 statement",
        var n => $"{n} statements",
    };

    /// <summary>With our statement at the end, in place of an older one of ours; the rest as it was.</summary>
    /// <param name="policy">Null for none. Not changed.</param>
    public static JsonObject Merge(JsonObject? policy, string bucketArn)
    {
        var merged = policy is null ? new JsonObject { ["Version"] = Version } : (JsonObject)policy.DeepClone();
        var statements = new JsonArray();
        foreach (var statement in Statements(merged).Where(s => Text(s["Sid"]) != Sid))
        {
            statements.Add(statement.DeepClone());
        }

        statements.Add((JsonNode)Statement(bucketArn));
        merged["Statement"] = statements;
        return merged;
    }

    private static IEnumerable<JsonObject> Statements(JsonObject policy) => policy["Statement"] switch
    {
        JsonObject one => [one],
        JsonArray many => many.OfType<JsonObject>(),
        _ => [],
    };

    private static bool Refuses(JsonObject statement, string bucketArn) =>
        Text(statement["Effect"]) == "Deny"
        && IsEveryone(statement["Principal"])
        && Texts(statement["Action"]).Any(a => a is "*" or "s3:*" or "S3:*")
        && Covers(Texts(statement["Resource"]).ToList(), bucketArn)
        && statement["Condition"] is JsonObject { Count: 1 } condition
        && condition["Bool"] is JsonObject { Count: 1 } secure
        && Texts(secure["aws:SecureTransport"]).SequenceEqual(["false"]);

    private static bool IsEveryone(JsonNode? principal) =>
        Text(principal) == "*" || (principal is JsonObject { Count: 1 } one && Texts(one["AWS"]).Contains("*"));

    private static bool Covers(List<string> resources, string bucketArn) =>
        resources.Contains("*") || resources.Contains($"{bucketArn}*") || (resources.Contains(bucketArn) && resources.Contains($"{bucketArn}/*"));

    private static string? Text(JsonNode? node) => node switch
    {
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag ? "true" : "false",
        _ => null,
    };

    private static IEnumerable<string> Texts(JsonNode? node) =>
        node is JsonArray many ? many.Select(Text).OfType<string>() : Text(node) is { } one ? [one] : [];
}
