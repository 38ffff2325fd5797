using System.Text.Json.Nodes;

namespace KubectlMlopsBackup.S3Admin.Policies;

/// <summary>Statements as IAM takes them.</summary>
internal static class PolicyDocument
{
    private const string Version = "2012-10-17";

    /// <summary>A text that stands for itself: in a policy, three characters mean something else.</summary>
    public static string Literal(string text) => text
        .Replace("$", "${$}", StringComparison.Ordinal)
        .Replace("*", "${*}", StringComparison.Ordinal)
        .Replace("?", "${?}", StringComparison.Ordinal);

    public static JsonObject Of(IEnumerable<PolicyStatement> statements)
    {
        var list = new JsonArray();
        foreach (var statement in statements)
        {
            list.Add((JsonNode)Statement(statement));
        }

        return Of(list);
    }

    public static JsonObject Of(JsonArray statements) => new() { ["Version"] = Version, ["Statement"] = statements };

    private static JsonObject Statement(PolicyStatement statement)
    {
        var written = new JsonObject
        {
            ["Sid"] = statement.Sid,
            ["Effect"] = statement.Deny ? "Deny" : "Allow",
            ["Action"] = List(statement.Actions),
            ["Resource"] = List(statement.Resources),
        };
        if (statement.Conditions.Count > 0)
        {
            var conditions = new JsonObject();
            foreach (var condition in statement.Conditions)
            {
                conditions[condition.Operator] = new JsonObject { [condition.Key] = List(condition.Values) };
            }

            written["Condition"] = conditions;
        }

        return written;
    }

    /// <summary>One text as itself, as IAM writes it.</summary>
    public static JsonNode List(IReadOnlyList<string> values)
    {
        if (values.Count == 1)
        {
            return JsonValue.Create(values[0]);
        }

        var list = new JsonArray();
        foreach (var value in values)
        {
            list.Add((JsonNode)JsonValue.Create(value));
        }

        return list;
    }
}
