using System.Globalization;
using System.Text.Json;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Recovery.Checks;

/// <summary>A GET, and whether the answer is what it has to be. Of the body, only the field that was asked for is shown.</summary>
internal static class HttpCheck
{
    private const int MostBody = 1 << 20;
    private const int LongestValue = 80;

    public static async Task<CheckFinding> RunAsync(CheckHttp http, HttpCheckSpec spec, CancellationToken cancellationToken)
    {
        var path = spec.Service is null ? null : spec.Path;
        var answer = await http.GetAsync(path, MostBody, cancellationToken);
        var said = $"GET {http.Shown(path)}: {answer.Shown}";
        if (answer.Status != spec.Status)
        {
            return CheckFinding.NotYet($"{said}; wants {spec.Status}");
        }

        if (spec.Contains is { } part && !answer.Text.Contains(part, StringComparison.Ordinal))
        {
            return CheckFinding.NotYet($"{said}, and the body does not contain \"{part}\"");
        }

        if (spec.JsonField is not { } field)
        {
            return CheckFinding.Passed(spec.Contains is null ? said : $"{said}, and the body contains \"{spec.Contains}\"");
        }

        var value = Field(answer, field);
        return value is null ? CheckFinding.NotYet($"{said}, and the body is no JSON with a field {field}")
            : spec.JsonValue is { } wanted && value != wanted ? CheckFinding.NotYet($"{said}, and {field} is \"{PlainText.Cut(value, LongestValue)}\"; wants \"{wanted}\"")
            : CheckFinding.Passed($"{said}, and {field} is \"{PlainText.Cut(value, LongestValue)}\"");
    }

    /// <param name="path">Names with dots between them; numbers are places in lists.</param>
    private static string? Field(HttpAnswer answer, string path)
    {
        try
        {
            using var document = answer.Json();
            var at = document.RootElement;
            foreach (var name in path.Split('.'))
            {
                if (at.ValueKind == JsonValueKind.Array && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < at.GetArrayLength())
                {
                    at = at[index];
                }
                else if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                {
                    return null;
                }
            }

            // As it is written in JSON: true, not True.
            return at.ValueKind == JsonValueKind.String ? at.GetString() : at.GetRawText();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
