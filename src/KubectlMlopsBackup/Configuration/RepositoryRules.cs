namespace KubectlMlopsBackup.Configuration;

internal static class RepositoryRules
{
    public static void Check(PlanSpec spec, TimeSpan? rpo, PlanProblems problems)
    {
        if (spec.Repositories.Count == 0)
        {
            problems.AddMissing("spec.repositories", "at least one repository: a name and a path, s3 or volume");
        }

        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < spec.Repositories.Count; i++)
        {
            var path = $"spec.repositories[{i}]";
            var repository = spec.Repositories[i];
            PlanText.CheckDnsLabel($"{path}.name", repository.Name, problems);
            if (repository.Name.Length > 0 && !names.TryAdd(repository.Name, i))
            {
                problems.Add($"{path}.name", repository.Name, $"a name of its own: spec.repositories[{names[repository.Name]}] has this one");
            }

            PlanText.CheckNotBoth(path, "path", repository.Path is not null, "s3", repository.S3 is not null, problems);
            PlanText.CheckNotBoth(path, "path or s3", repository.Path is not null || repository.S3 is not null, "volume", repository.Volume is not null, problems);
            if (repository.Path is null && repository.S3 is null && repository.Volume is null)
            {
                problems.AddMissing($"{path}.path", "a folder (or s3, for a bucket; or volume, in the cluster)");
            }

            VolumeRules.Check($"{path}.volume", repository.Volume, problems);

            PlanText.CheckFilePath($"{path}.path", repository.Path, problems);
            if (repository.S3 is { } s3)
            {
                S3Rules.CheckRepository($"{path}.s3", s3, problems);
                S3SetupRules.Check($"{path}.s3", s3, repository.Retention!, problems);
            }

            RetentionRules.Check($"{path}.retention", repository.Retention!, rpo, problems);
        }
    }
}
