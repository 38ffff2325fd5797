using System.Globalization;
using System.Text.Json;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Recovery.Checks;

/// <summary>
/// Uses a tracking server as its users do: searches experiments, finds the latest version of every registered model, and downloads its <c>MLmodel</c>, so
/// that database, artifacts and what is between them are known to fit. REST API 2.0, of MLflow 1.x to 3.x.
/// </summary>
/// <param name="restored">Where the files are read in place of MLflow's own download; null for that.</param>
internal sealed class MlflowCheck(CheckHttp http, MlflowCheckSpec spec, RestoredModels? restored = null)
{
    private const string Api = "/api/2.0/mlflow";
    private const int MostPage = 16 << 20;
    private const int MostModel = 1 << 20;
    private const int PageSize = 100;
    private const int MostPages = 1000;
    private const int MostNamed = 3;

    public async Task<CheckFinding> RunAsync(CancellationToken cancellationToken)
    {
        var (experiments, trouble) = await ExperimentsAsync(cancellationToken);
        if (trouble is not null)
        {
            return CheckFinding.NotYet(trouble);
        }

        if (experiments == 0)
        {
            return CheckFinding.Failed($"{http.Shown(null)}: no experiment, and MLflow always has one");
        }

        var (models, more, registry) = await ModelsAsync(cancellationToken);
        if (registry is not null)
        {
            return CheckFinding.NotYet(registry);
        }

        var wrong = new List<string>();
        var unknown = new List<string>();
        foreach (var (name, version) in models)
        {
            var (problem, notSeen) = restored is null ? (await ModelFileAsync(name, version, cancellationToken), null) : await RestoredAsync(restored, name, version, cancellationToken);
            if (problem is not null)
            {
                wrong.Add($"{name} version {version}: {problem}");
            }
            else if (notSeen is not null)
            {
                unknown.Add($"{name} version {version}: {notSeen}");
            }
        }

        var all = $"{Humanize.Count(experiments)} experiments; the latest version of {Humanize.Count(models.Count)}{(more ? " (and no more were looked at)" : "")} registered models";
        return wrong.Count > 0 ? CheckFinding.NotYet($"{all}; {wrong.Count} without a usable MLmodel: {Named(wrong)}")
            : unknown.Count > 0 ? CheckFinding.Skipped($"{all}, whose MLmodel could not be looked at for {Humanize.Count(unknown.Count)}: {Named(unknown)}")
            : CheckFinding.Passed(models.Count == 0
                ? $"{Humanize.Count(experiments)} experiments, no registered model"
                : $"{all}, each with its MLmodel{(restored is null ? "" : $", read from {restored.Place} and not through MLflow, which has no way to a bucket in a drill")}");
    }

    private static string Named(List<string> items) => $"{string.Join("; ", items.Take(MostNamed))}{(items.Count > MostNamed ? "; …" : "")}";

    /// <returns>What is wrong with it, or why that is not known; neither where it is all right.</returns>
    private async Task<(string? Problem, string? Unknown)> RestoredAsync(RestoredModels models, string name, string version, CancellationToken cancellationToken)
    {
        var answer = await http.GetAsync($"{Api}/model-versions/get-download-uri?name={Uri.EscapeDataString(name)}&version={version}", MostModel, cancellationToken);
        using var document = Document(answer);
        if (document is null)
        {
            return ($"MLflow does not say where it is ({answer.Shown}{Why(answer)})", null);
        }

        var (text, missing, unknown) = await models.ReadAsync(Text(document.RootElement, "artifact_uri"), "MLmodel", MostModel, cancellationToken);
        return (missing is null ? text is null ? null : NoModel(text) : $"no MLmodel: {missing}", unknown);
    }

    private static string? NoModel(string text) => text.Contains("flavors", StringComparison.Ordinal) ? null : "its MLmodel names no flavor";

    private async Task<(long Count, string? Trouble)> ExperimentsAsync(CancellationToken cancellationToken)
    {
        // Before MLflow 1.27 there was another verb.
        var verb = "search";
        long count = 0;
        var token = "";
        for (var page = 0; page < MostPages; page++)
        {
            var path = $"{Api}/experiments/{verb}?max_results={PageSize}{Token(token)}";
            var answer = await http.GetAsync(path, MostPage, cancellationToken);
            if (answer.Status == 404 && verb == "search" && page == 0)
            {
                verb = "list";
                continue;
            }

            if (Document(answer) is not { } document)
            {
                return (0, $"GET {http.Shown(path)}: {answer.Shown}{Why(answer)}");
            }

            using (document)
            {
                count += List(document.RootElement, "experiments").Count;
                token = Text(document.RootElement, "next_page_token") ?? "";
            }

            if (token.Length == 0)
            {
                break;
            }
        }

        return (count, null);
    }

    private async Task<(List<(string Name, string Version)> Models, bool More, string? Trouble)> ModelsAsync(CancellationToken cancellationToken)
    {
        var models = new List<(string Name, string Version)>();
        var token = "";
        for (var page = 0; page < MostPages; page++)
        {
            var path = $"{Api}/registered-models/search?max_results={PageSize}{Token(token)}";
            var answer = await http.GetAsync(path, MostPage, cancellationToken);
            if (Document(answer) is not { } document)
            {
                return (models, false, $"GET {http.Shown(path)}: {answer.Shown}{Why(answer)}");
            }

            using (document)
            {
                foreach (var model in List(document.RootElement, "registered_models"))
                {
                    if (models.Count == spec.Models)
                    {
                        return (models, true, null);
                    }

                    // One without a version was registered and never filled.
                    if (Text(model, "name") is { } name && (Latest(model) ?? await LatestAsync(name, cancellationToken)) is { } version)
                    {
                        models.Add((name, version));
                    }
                }

                token = Text(document.RootElement, "next_page_token") ?? "";
            }

            if (token.Length == 0)
            {
                return (models, false, null);
            }
        }

        return (models, true, null);
    }

    /// <summary>The model's own list holds the latest of each stage.</summary>
    private static string? Latest(JsonElement model) => Newest(List(model, "latest_versions"));

    private async Task<string?> LatestAsync(string name, CancellationToken cancellationToken)
    {
        var filter = $"name='{name.Replace("'", "\\'", StringComparison.Ordinal)}'";
        var answer = await http.GetAsync($"{Api}/model-versions/search?filter={Uri.EscapeDataString(filter)}&max_results={PageSize}", MostPage, cancellationToken);
        using var document = Document(answer);
        return document is null ? null : Newest(List(document.RootElement, "model_versions"));
    }

    private static string? Newest(IEnumerable<JsonElement> versions) => versions
        .Select(v => Text(v, "version"))
        .Where(v => long.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        .MaxBy(v => long.Parse(v!, CultureInfo.InvariantCulture));

    /// <returns>What is wrong with it, or null.</returns>
    private async Task<string?> ModelFileAsync(string name, string version, CancellationToken cancellationToken)
    {
        var query = $"name={Uri.EscapeDataString(name)}&version={version}";
        var answer = await http.GetAsync($"/model-versions/get-artifact?path=MLmodel&{query}", MostModel, cancellationToken);
        if (answer.Status == 404 && await ProxiedAsync(query, cancellationToken) is { } proxied)
        {
            answer = proxied;
        }

        return answer.Status != 200 ? $"no MLmodel ({answer.Shown}{Why(answer)})" : NoModel(answer.Text);
    }

    /// <summary>By where its artifacts are, for a server without the page's own download.</summary>
    private async Task<HttpAnswer?> ProxiedAsync(string query, CancellationToken cancellationToken)
    {
        const string Scheme = "mlflow-artifacts:/";
        var answer = await http.GetAsync($"{Api}/model-versions/get-download-uri?{query}", MostModel, cancellationToken);
        using var document = Document(answer);
        if (document is null || Text(document.RootElement, "artifact_uri") is not { } uri || !uri.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return null;
        }

        var path = uri[Scheme.Length..].Trim('/');
        // With an authority it may be another server's.
        return path.Length == 0 || uri.StartsWith(Scheme + "/", StringComparison.Ordinal)
            ? null
            : await http.GetAsync($"/api/2.0/mlflow-artifacts/artifacts/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}/MLmodel", MostModel, cancellationToken);
    }

    /// <returns>Null where the answer is not 200 with a JSON object.</returns>
    private static JsonDocument? Document(HttpAnswer answer)
    {
        if (answer.Status != 200)
        {
            return null;
        }

        try
        {
            var document = answer.Json();
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
        }
        catch (JsonException)
        {
            // As if it were an error: a login page, or a body that was cut off.
        }

        return null;
    }

    /// <summary>MLflow's own word for an error, such as <c>RESOURCE_DOES_NOT_EXIST</c>.</summary>
    private static string Why(HttpAnswer answer)
    {
        if (answer.Status == 200)
        {
            return ", and no JSON that MLflow would send";
        }

        try
        {
            using var document = answer.Json();
            return document.RootElement.ValueKind == JsonValueKind.Object && Text(document.RootElement, "error_code") is { } code ? $" {PlainText.Cut(code, 60)}" : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private static List<JsonElement> List(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];

    /// <summary>Also of a number: versions were both.</summary>
    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value)
            ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.ValueKind == JsonValueKind.Number ? value.GetRawText() : null
            : null;

    private static string Token(string token) => token.Length == 0 ? "" : $"&page_token={Uri.EscapeDataString(token)}";
}
