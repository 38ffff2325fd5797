using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace KubectlMlopsBackup.Monitoring.Pushing;

/// <summary>
/// Figures as OTLP has them in JSON. Source: opentelemetry.io/docs/specs/otlp, "JSON Protobuf Encoding": names in lowerCamelCase, 64-bit numbers as text.
/// </summary>
internal static class OtlpJson
{
    private const string Service = "mlopsbackup";

    /// <param name="plan">An attribute of every figure, as it is a label elsewhere.</param>
    /// <param name="time">Of all figures.</param>
    public static byte[] Write(string plan, IEnumerable<Sample> samples, DateTimeOffset time)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteStartArray("resourceMetrics");
            json.WriteStartObject();
            json.WriteStartObject("resource");
            json.WriteStartArray("attributes");
            Attribute(json, "service.name", Service);
            Attribute(json, "service.version", ToolVersion.Current);
            Attribute(json, "service.instance.id", plan);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteStartArray("scopeMetrics");
            json.WriteStartObject();
            json.WriteStartObject("scope");
            json.WriteString("name", "kubectl-mlopsbackup");
            json.WriteString("version", ToolVersion.Current);
            json.WriteEndObject();
            json.WriteStartArray("metrics");
            foreach (var family in samples.GroupBy(s => s.Metric))
            {
                Metric(json, plan, family.Key, family, time);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>What a server that answered 200 has not taken.</summary>
    /// <returns>In words; null where it took all.</returns>
    public static string? Rejected(string answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            return json.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("partialSuccess", out var partial)
                && partial.ValueKind == JsonValueKind.Object && partial.TryGetProperty("rejectedDataPoints", out var count) && count.ToString() is not ("" or "0") and { Length: < 20 } rejected
                ? $"the server did not take {rejected} figure(s)"
                : null;
        }
        catch (JsonException)
        {
            // An empty answer, or protobuf: it was taken.
            return null;
        }
    }

    private static void Metric(Utf8JsonWriter json, string plan, Metric metric, IEnumerable<Sample> samples, DateTimeOffset time)
    {
        var moment = ((time - DateTimeOffset.UnixEpoch).Ticks * 100).ToString(CultureInfo.InvariantCulture);
        json.WriteStartObject();
        json.WriteString("name", metric.Name);
        json.WriteString("description", metric.Help);
        if (metric.Unit is { } unit)
        {
            // UCUM's words, as OpenTelemetry wants them.
            json.WriteString("unit", unit switch { "seconds" => "s", "bytes" => "By", _ => unit });
        }

        json.WriteStartObject("gauge");
        json.WriteStartArray("dataPoints");
        foreach (var sample in samples)
        {
            json.WriteStartObject();
            json.WriteStartArray("attributes");
            Attribute(json, "plan", plan);
            foreach (var (name, value) in metric.Labels.Zip(sample.Labels))
            {
                Attribute(json, name, value);
            }

            json.WriteEndArray();
            json.WriteString("timeUnixNano", moment);
            json.WriteNumber("asDouble", sample.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Attribute(Utf8JsonWriter json, string key, string value)
    {
        json.WriteStartObject();
        json.WriteString("key", key);
        json.WriteStartObject("value");
        json.WriteString("stringValue", value);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
