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

    /// <summary>The first that is short enough is taken.</summary>
    private static readonly Cut[] Cuts =
    [
        Cut.None, new(20, 500), new(8, 250), new(4, 120), new(2, 60), new(1, 40), new(0, 20), new(0, 20, 7), new(0, 20, 3), new(0, 20, 1), new(0, 20, 0),
    ];

    /// <summary>Lists of one item a component or repository: each has a verdict that nobody may miss.</summary>
    private static readonly string[] Verdicts = ["components", "result"];

    /// <summary>The sum of every repository, which <c>status</c> knows from here only.</summary>
    private const string State = "state";

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
        foreach (var cut in Cuts)
        {
            using var bytes = new MemoryStream();
            using (var json = new Utf8JsonWriter(bytes, Compact))
            {
                if (cut == Cut.None)
                {
                    result.WriteTo(json);
                }
                else
                {
                    CopyCut(json, result, cut);
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
    private static void CopyCut(Utf8JsonWriter json, JsonElement value, Cut cut)
    {
        json.WriteStartObject();
        json.WriteBoolean("truncated", true);
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in value.EnumerateObject())
            {
                CopyProperty(json, property.Name, property.Value, cut);
            }
        }
        else
        {
            CopyProperty(json, "result", value, cut);
        }

        json.WriteEndObject();
    }

    private static void CopyProperty(Utf8JsonWriter json, string name, JsonElement value, Cut cut)
    {
        json.WritePropertyName(name);
        if (name == State)
        {
            Copy(json, value, new Cut(cut.State, int.MaxValue, cut.State), cut.State);
        }
        else
        {
            Copy(json, value, cut, Array.IndexOf(Verdicts, name) >= 0 ? cut.State : cut.Items);
        }
    }

    /// <param name="items">The most of the value's own, where it is a list.</param>
    private static void Copy(Utf8JsonWriter json, JsonElement value, Cut cut, int items)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    CopyProperty(json, property.Name, property.Value, cut);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                // Of a row of figures the newest count.
                var figures = value.EnumerateArray().All(i => i.ValueKind == JsonValueKind.Number);
                foreach (var item in figures ? value.EnumerateArray().TakeLast(items) : value.EnumerateArray().Take(items))
                {
                    Copy(json, item, cut, cut.Items);
                }

                json.WriteEndArray();
                break;
            case JsonValueKind.String when value.GetString() is { } text && text.Length > cut.Characters:
                json.WriteStringValue(Shorten(text, cut.Characters));
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    /// <summary>Not between the halves of a surrogate pair.</summary>
    private static string Shorten(string text, int characters) =>
        string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[characters - 1]) ? characters - 1 : characters), "…");

    /// <param name="Items">The most that is kept of a list.</param>
    /// <param name="Characters">The most that is kept of a text.</param>
    /// <param name="State">The most that is kept of the lists in the state of the repositories, and of the verdicts.</param>
    private readonly record struct Cut(int Items, int Characters, int State = int.MaxValue)
    {
        public static Cut None { get; } = new(int.MaxValue, int.MaxValue);
    }
}
