using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace KubectlMlopsBackup.S3Admin.Rendering;

/// <summary>Texts of the plan in the syntax of others: nothing in them can end the string that they are in.</summary>
internal static class Quoted
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One word of a POSIX shell.</summary>
    public static string Shell(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <summary>A string of Terraform's language.</summary>
    public static string Hcl(string text) => Hcl(JsonValue.Create(text), 0);

    /// <summary>JSON is an expression of Terraform's language, but for what it would take for templates.</summary>
    /// <param name="indent">Spaces before all lines but the first.</param>
    public static string Hcl(JsonNode value, int indent) => Json(value, indent)
        .Replace("${", "$${", StringComparison.Ordinal)
        .Replace("%{", "%%{", StringComparison.Ordinal);

    /// <param name="indent">Spaces before all lines but the first.</param>
    public static string Json(JsonNode value, int indent = 0)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Indented))
        {
            value.WriteTo(writer);
        }

        return System.Text.Encoding.UTF8.GetString(bytes.ToArray()).Replace("\n", "\n" + new string(' ', indent), StringComparison.Ordinal);
    }
}
