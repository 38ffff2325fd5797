using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace KubectlMlopsBackup.Commands;

/// <summary>
/// The run's result as one line of JSON in the container's termination message, where Kubernetes keeps it with the pod.
/// The first result stays: what is printed after it are its details.
/// </summary>
/// <param name="path">Null where nobody asked for it.</param>
internal sealed class TerminationMessage(string? path)
{
    public const string Variable = "MLOPSBACKUP_TERMINATION_LOG";

    /// <summary>Bytes that Kubernetes keeps of one container's message.</summary>
    public const int Longest = 4096;

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // The most items of a list and characters of a text that are kept; the first that is short enough is taken.
    private static readonly (int Items, int Characters)[] Cuts = [(int.MaxValue, int.MaxValue), (20, 500), (8, 250), (4, 120), (2, 60), (1, 40), (0, 20)];

    private bool written;

    /// <summary>The process's own.</summary>
    public static TerminationMessage Current { get; } = new(Environment.GetEnvironmentVariable(Variable));

    public void Write<T>(T result, JsonTypeInfo<T> type)
    {
        if (path is not null)
        {
            Write(JsonSerializer.SerializeToElement(result, type));
        }
    }

    /// <summary>For a run that came to no result.</summary>
    public void WriteFailure(string error, string? fix, ExitCode code)
    {
        if (path is null)
        {
            return;
        }

        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Compact))
        {
            json.WriteStartObject();
            json.WriteString("error", error);
            if (fix is not null)
            {
                json.WriteString("fix", fix);
            }

            json.WriteNumber("exitCode", (int)code);
            json.WriteEndObject();
        }

        using var document = JsonDocument.Parse(bytes.ToArray());
        Write(document.RootElement);
    }

    /// <returns>At most <see cref="Longest"/> bytes of JSON; with <c>"truncated":true</c> where something was left out.</returns>
    public static byte[] Fit(JsonElement result)
    {
        foreach (var (items, characters) in Cuts)
        {
            using var bytes = new MemoryStream();
            using (var json = new Utf8JsonWriter(bytes, Compact))
            {
                if (items == int.MaxValue)
                {
                    Copy(json, result, items, characters);
                }
                else
                {
                    CopyCut(json, result, items, characters);
                }
            }

            if (bytes.Length <= Longest)
            {
                return bytes.ToArray();
            }
        }

        return """{"truncated":true}"""u8.ToArray();
    }

    private void Write(JsonElement result)
    {
        if (written)
        {
            return;
        }

        written = true;
        try
        {
            File.WriteAllBytes(path!, Fit(result));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The exit code says the same; a run is not failed for its report.
            Console.Error.WriteLine($"warning: {Variable}: {e.Message}");
        }
    }

    /// <summary>An object keeps its shape, so that who reads it looks in the same places; anything else is put into one, as <c>result</c>.</summary>
    private static void CopyCut(Utf8JsonWriter json, JsonElement value, int items, int characters)
    {
        json.WriteStartObject();
        json.WriteBoolean("truncated", true);
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in value.EnumerateObject())
            {
                json.WritePropertyName(property.Name);
                Copy(json, property.Value, items, characters);
            }
        }
        else
        {
            json.WritePropertyName("result");
            Copy(json, value, items, characters);
        }

        json.WriteEndObject();
    }

    private static void Copy(Utf8JsonWriter json, JsonElement value, int items, int characters)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    json.WritePropertyName(property.Name);
                    Copy(json, property.Value, items, characters);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray().Take(items))
                {
                    Copy(json, item, items, characters);
                }

                json.WriteEndArray();
                break;
            case JsonValueKind.String when value.GetString() is { } text && text.Length > characters:
                json.WriteStringValue(Cut(text, characters));
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    /// <summary>Not between the halves of a surrogate pair.</summary>
    private static string Cut(string text, int characters) =>
        string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[characters - 1]) ? characters - 1 : characters), "…");
}
