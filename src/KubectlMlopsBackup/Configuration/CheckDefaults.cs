namespace KubectlMlopsBackup.Configuration;

/// <summary>What holds where a check says nothing, and which checks there are where the plan names none.</summary>
internal static class CheckDefaults
{
    private const string ConsistencyName = "verify mlflow";

    /// <summary>What can be checked of any platform. A server's own checks need its address, and so the plan.</summary>
    public static IReadOnlyList<CheckSpec> Of(PlanSpec spec)
    {
        if (spec.Recovery.Checks is { } own)
        {
            return own;
        }

        List<CheckSpec> checks =
        [
            new() { Name = "pods", Pods = new PodsCheckSpec() },
            .. spec.Postgres is null ? [] : new[] { new CheckSpec { Name = "rows", Rows = new RowsCheckSpec() } },
            .. spec.Artifacts is null ? [] : new[] { new CheckSpec { Name = "artifacts", Artifacts = new ArtifactsCheckSpec() } },
        ];
        checks.ForEach(c => c.Timeout = Timeout(c));
        return checks;
    }

    /// <summary>The plan's checks, and whether database and artifacts fit together: who recovers wants to know, whatever the plan lists.</summary>
    public static List<CheckSpec> WithConsistency(PlanSpec spec)
    {
        var checks = Of(spec).ToList();
        if (!checks.Exists(c => c.Consistency is not null))
        {
            var name = ConsistencyName;
            for (var i = 2; checks.Exists(c => c.Name == name); i++)
            {
                name = $"{ConsistencyName} {i}";
            }

            checks.Add(new CheckSpec { Name = name, Consistency = new ConsistencyCheckSpec(), Timeout = PlanDefaults.LongCheckTimeout });
        }

        return checks;
    }

    /// <param name="checks">Changed in place: the deserializer puts a null where the YAML says so.</param>
    /// <param name="baseDirectory">An absolute folder: relative paths start there.</param>
    public static void Apply(List<CheckSpec>? checks, string baseDirectory)
    {
        for (var i = 0; i < checks?.Count; i++)
        {
            var check = checks[i] ??= new CheckSpec();
            check.Name ??= "";
            check.Timeout ??= Timeout(check);
            check.Deadline ??= PlanDefaults.CheckDeadline;
            if (check.Http is { } http)
            {
                http.Path ??= PlanDefaults.CheckPath;
            }

            if (check.Sql is { } sql)
            {
                sql.Query ??= "";
            }

            if (check.Prometheus is { } prometheus)
            {
                prometheus.Query ??= PlanDefaults.PrometheusQuery;
            }

            if (check.Endpoint()?.Credentials is { } credentials)
            {
                Apply(credentials, baseDirectory);
            }
        }
    }

    /// <summary>Counting rows, reading files and going through a registry take their time.</summary>
    private static string Timeout(CheckSpec check) =>
        check is { Rows: not null } or { Artifacts: not null } or { Mlflow: not null } or { Consistency: not null } ? PlanDefaults.LongCheckTimeout : PlanDefaults.CheckTimeout;

    private static void Apply(BasicAuthSpec credentials, string baseDirectory)
    {
        credentials.UsernameFile = PlanDefaults.Resolve(credentials.UsernameFile, baseDirectory);
        credentials.PasswordFile = PlanDefaults.Resolve(credentials.PasswordFile, baseDirectory);
        if (credentials.Secret is { } secret)
        {
            secret.Name ??= "";
            secret.UsernameKey ??= PlanDefaults.UsernameKey;
            secret.PasswordKey ??= PlanDefaults.PasswordKey;
        }
    }
}
