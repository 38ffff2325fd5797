namespace KubectlMlopsBackup.Configuration;

/// <summary>
/// No two repositories in one place, none inside another, and none inside the artifacts (or around them):
/// a backup would read its own output, and a restore with <c>--delete</c> would delete it.
/// </summary>
internal static class LocationRules
{
    public static void Check(PlanSpec spec, PlanProblems problems)
    {
        var places = new List<(string Path, string Place)>();
        if (spec.Artifacts is { } artifacts)
        {
            Add("spec.artifacts", artifacts.Path, artifacts.S3, places);
            AddClaim("spec.artifacts", artifacts.Volume?.ClaimName, artifacts.Volume?.SubPath, places);
        }

        if (spec.Recovery.Drill.Artifacts is { } scratch && spec.Artifacts?.S3 is { } platform)
        {
            // Drills delete in it.
            Add("spec.recovery.drill.artifacts", null, scratch.In(platform, null), places);
        }

        for (var i = 0; i < spec.Repositories.Count; i++)
        {
            Add($"spec.repositories[{i}]", spec.Repositories[i].Path, spec.Repositories[i].S3, places);
            AddClaim($"spec.repositories[{i}]", spec.Repositories[i].Volume?.ClaimName, null, places);
        }

        for (var later = 1; later < places.Count; later++)
        {
            for (var earlier = 0; earlier < later; earlier++)
            {
                Compare(places[earlier], places[later], problems);
            }
        }
    }

    private static void Compare((string Path, string Place) earlier, (string Path, string Place) later, PlanProblems problems)
    {
        var relation = earlier.Place == later.Place ? "is the same place as"
            : later.Place.StartsWith(earlier.Place, StringComparison.Ordinal) ? "lies inside"
            : earlier.Place.StartsWith(later.Place, StringComparison.Ordinal) ? "lies around"
            : null;
        if (relation is not null)
        {
            problems.Add(later.Path, $"{relation} {earlier.Path}; wants a place of its own");
        }
    }

    private static void Add(string path, string? folder, IS3Spec? s3, List<(string, string)> places)
    {
        if (s3 is { Bucket.Length: > 0 })
        {
            places.Add(($"{path}.s3", $"{Host(s3)}\n{s3.Bucket}/{(s3.Prefix.Length == 0 ? "" : s3.Prefix + "/")}"));
        }

        if (!string.IsNullOrWhiteSpace(folder))
        {
            places.Add(($"{path}.path", folder.TrimEnd('/') + "/"));
        }
    }

    private static void AddClaim(string path, string? claim, string? subPath, List<(string, string)> places)
    {
        if (!string.IsNullOrEmpty(claim))
        {
            places.Add(($"{path}.volume", $"claim\n{claim}/{(string.IsNullOrEmpty(subPath) ? "" : subPath.TrimEnd('/') + "/")}"));
        }
    }

    /// <summary>Bucket names are unique in one store, so the endpoint (not the region) tells stores apart.</summary>
    private static string Host(IS3Spec s3) =>
        s3.Endpoint is null ? "aws" : Uri.TryCreate(s3.Endpoint, UriKind.Absolute, out var uri) ? uri.Authority : s3.Endpoint;
}
