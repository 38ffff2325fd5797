using System.Globalization;
using System.Text.Json;
using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.Recovery.Checks;

/// <summary>An instant query: something must be measured, and nothing of it below 1.</summary>
internal static class PrometheusCheck
{
    private const int MostBody = 8 << 20;
    private const int MostNamed = 5;

    public static async Task<CheckFinding> RunAsync(CheckHttp http, PrometheusCheckSpec spec, CancellationToken cancellationToken)
    {
        var path = $"/api/v1/query?query={Uri.EscapeDataString(spec.Query)}";
        var answer = await http.GetAsync(path, MostBody, cancellationToken);
        if (answer.Status != 200)
        {
            return CheckFinding.NotYet($"GET {http.Shown(path)}: {answer.Shown}; wants 200");
        }

        var down = new List<string>();
        var count = 0;
        using (var document = answer.Json())
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("data", out var data)
                || data.ValueKind != JsonValueKind.Object
                || !data.TryGetProperty("result", out var result)
                || result.ValueKind != JsonValueKind.Array)
            {
                return CheckFinding.NotYet($"GET {http.Shown(path)}: not what Prometheus answers");
            }

            foreach (var series in result.EnumerateArray().Where(s => s.ValueKind == JsonValueKind.Object))
            {
                count++;
                if (!IsUp(series))
                {
                    down.Add(Name(series));
                }
            }
        }

        return count == 0 ? CheckFinding.NotYet($"{spec.Query} finds nothing yet")
            : down.Count > 0 ? CheckFinding.NotYet($"{spec.Query}: {down.Count} of {count} are down: {string.Join(", ", down.Take(MostNamed))}{(down.Count > MostNamed ? ", …" : "")}")
            : CheckFinding.Passed($"{spec.Query}: {count} of {count} are up");
    }

    private static bool IsUp(JsonElement series) =>
        series.TryGetProperty("value", out var pair) && pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2
        && pair[1].ValueKind == JsonValueKind.String
        && double.TryParse(pair[1].GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= 1;

    private static string Name(JsonElement series)
    {
        string? Label(string name) =>
            series.TryGetProperty("metric", out var labels) && labels.ValueKind == JsonValueKind.Object && labels.TryGetProperty(name, out var label) && label.ValueKind == JsonValueKind.String
                ? label.GetString()
                : null;
        return (Label("job"), Label("instance")) switch
        {
            (null, null) => "a series without job and instance",
            var (job, instance) => string.Join('/', new[] { job, instance }.Where(l => l is not null)),
        };
    }
}
