using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace KubectlMlopsBackup.Output;

/// <summary>JSON for <c>-o json</c>: a readable document, or an object a line.</summary>
internal static class JsonPrinter
{
    // Not for HTML: names stay readable. Control characters are escaped all the same.
    private static readonly JsonWriterOptions Pretty = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Indented, with a newline at the end.</summary>
    public static void Write<T>(TextWriter output, T value, JsonTypeInfo<T> type) => output.Write(Text(value, type, Pretty) + "\n");

    /// <summary>One line in one call to the writer, so that lines of several threads do not mix.</summary>
    public static void WriteLine<T>(TextWriter output, T value, JsonTypeInfo<T> type) => output.Write(Text(value, type, Compact) + "\n");

    private static string Text<T>(T value, JsonTypeInfo<T> type, JsonWriterOptions options)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, options))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
