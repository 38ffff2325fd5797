using KubectlMlopsBackup.Seed.Model;

namespace KubectlMlopsBackup.Seed.Database;

/// <summary>
/// The model registry: every third logged model and every twentieth run became a version. The first kind is named by
/// <c>models:/</c> with its place in <c>storage_location</c>, the second by the place itself, as older clients do.
/// </summary>
internal static class RegistryRows
{
    public static IEnumerable<TableRows> Of(Catalog catalog)
    {
        var names = Enumerable.Range(0, Names(catalog));
        if (catalog.Today.Number == 0)
        {
            yield return new TableRows(
                "registered_models",
                ["name", "creation_time", "last_updated_time", "description"],
                names.Select(n => (object?[])[Name(n), Catalog.Epoch, Catalog.RunEnd(catalog.Today.Runs.End - 1), "Serves the churn API."]));
            yield return new TableRows(
                "registered_model_tags",
                ["key", "value", "name"],
                names.Select(n => (object?[])["owner", Words.User(Mix.Of(catalog.Seed, 'R', n)), Name(n)]));
        }

        var versions = Versions(catalog).ToList();
        yield return new TableRows(
            "model_versions",
            [
                "name", "version", "creation_time", "last_updated_time", "description", "user_id", "current_stage", "source", "run_id",
                "status", "status_message", "run_link", "storage_location",
            ],
            versions.Select(v => Row(catalog, v)));
        yield return new TableRows(
            "model_version_tags",
            ["key", "value", "name", "version"],
            versions.Select(v => (object?[])["validation_status", v.Version % 4 == 0 ? "failed" : "approved", Name(v.Name), v.Version]));
        if (catalog.Today.Number == 0)
        {
            yield return new TableRows(
                "registered_model_aliases",
                ["alias", "version", "name"],
                versions.Where(v => v.Version == 1).Select(v => (object?[])["champion", 1, Name(v.Name)]));
        }
    }

    public static string Name(int name) => Catalog.Invariant($"churn-model-{name:d2}");

    private static int Names(Catalog catalog) => Math.Clamp((catalog.Options.Runs + 99) / 100, 1, 20);

    /// <summary>The versions of the last day; those before are counted, since numbers run on.</summary>
    private static IEnumerable<ModelVersion> Versions(Catalog catalog)
    {
        var last = new int[Names(catalog)];
        foreach (var day in catalog.Days)
        {
            var models = Enumerable.Range(day.Models.Start, day.Models.Count).Where(m => m % 3 == 0).Select(m => (catalog.RunOfModel(m), (int?)m));
            var runs = Enumerable.Range(day.Runs.Start, day.Runs.Count).Where(r => r % 20 == 0).Select(r => (r, (int?)null));
            foreach (var (run, model) in models.Concat(runs))
            {
                var name = Mix.Below(Mix.Of(catalog.Seed, 'V', run, model ?? -1), last.Length);
                last[name]++;
                if (day == catalog.Today)
                {
                    yield return new ModelVersion(name, last[name], run, model);
                }
            }
        }
    }

    private static object?[] Row(Catalog catalog, ModelVersion v)
    {
        var place = v.Model is { } model
            ? catalog.Uri(catalog.ModelDirectory(model))
            : catalog.Uri(catalog.RunDirectory(v.Run) + "/model");
        return
        [
            Name(v.Name), v.Version, Catalog.RunEnd(v.Run), Catalog.RunEnd(v.Run) + 1000, "", Words.User(Mix.Of(catalog.Seed, 'u', v.Run)),
            catalog.Options.Generation < 3 && v.Version == 1 ? "Production" : "None",
            v.Model is { } logged ? "models:/" + catalog.ModelId(logged) : place,
            catalog.RunId(v.Run), "READY", null, "", place,
        ];
    }
}
