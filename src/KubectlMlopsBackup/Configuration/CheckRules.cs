namespace KubectlMlopsBackup.Configuration;

/// <summary>Checks the checks.</summary>
internal static class CheckRules
{
    public const int MostChecks = 100;
    public const int MostSample = 100_000;

    private const string Section = "spec.recovery.checks";
    private const int LongestName = 80;

    public static void Check(PlanSpec spec, PlanProblems problems)
    {
        if (spec.Recovery.Checks is not { } checks)
        {
            return;
        }

        if (checks.Count > MostChecks)
        {
            problems.Add(Section, $"has {checks.Count} checks; wants at most {MostChecks}");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < checks.Count; i++)
        {
            var path = $"{Section}[{i}]";
            CheckName($"{path}.name", checks[i].Name, names, problems);
            PlanValidator.CheckDuration($"{path}.timeout", checks[i].Timeout!, problems);
            PlanValidator.CheckDuration($"{path}.deadline", checks[i].Deadline, problems);
            CheckKind(path, checks[i], spec, problems);
        }
    }

    private static void CheckName(string path, string name, HashSet<string> names, PlanProblems problems)
    {
        if (name.Length == 0)
        {
            problems.AddMissing(path, "the check's name in reports");
        }
        else if (name.Length > LongestName || name.Any(char.IsControl))
        {
            problems.Add(path, name, $"a name of at most {LongestName} characters");
        }
        else if (!names.Add(name))
        {
            problems.Add(path, name, "a name that no other check has");
        }
    }

    private static void CheckKind(string path, CheckSpec check, PlanSpec spec, PlanProblems problems)
    {
        const string Kinds = "pods, http, sql, rows, artifacts, mlflow, prometheus and consistency";
        var kinds = check.Kinds();
        if (kinds.Count != 1)
        {
            problems.Add(path, kinds.Count == 0
                ? $"says not what is checked; wants exactly one of {Kinds} (with all defaults: \"rows: {{}}\")"
                : $"has {string.Join(" and ", kinds)}; wants exactly one of {Kinds}");
            return;
        }

        var section = $"{path}.{kinds[0]}";
        if (check.Endpoint() is { } endpoint)
        {
            CheckEndpoint(section, endpoint, problems);
        }

        CheckHttp(section, check.Http, problems);
        CheckSql(section, check.Sql, problems);
        CheckRange($"{section}.mayLack", check.Rows?.MayLack, 0, 100, problems);
        CheckRange($"{section}.sample", check.Artifacts?.Sample, 1, MostSample, problems);
        CheckRange($"{section}.mayMiss", check.Consistency?.MayMiss, 0, 1_000_000, problems);
        CheckRange($"{section}.models", check.Mlflow?.Models, 1, MostSample, problems);
        if (check.Prometheus is { Query: var query })
        {
            CheckText($"{section}.query", query, "a query such as up", problems);
        }

        if ((check.Sql is not null || check.Rows is not null || check.Consistency is not null) && spec.Postgres is null)
        {
            problems.Add(section, "needs spec.postgres, which the plan has not");
        }

        if (check.Artifacts is not null && spec.Artifacts is null)
        {
            problems.Add(section, "needs spec.artifacts, which the plan has not");
        }
    }

    private static void CheckEndpoint(string path, IEndpointSpec endpoint, PlanProblems problems)
    {
        if ((endpoint.Url is null) == (endpoint.Service is null))
        {
            problems.Add(path, "wants exactly one of url and service");
        }

        if (endpoint.Url is { } url && !IsUrl(url))
        {
            // A password in it is refused, and so not shown.
            problems.Add($"{path}.url", "is no http or https URL without user and password; those belong into credentials");
        }

        if (endpoint.Service is { } service)
        {
            PlanText.CheckDnsLabel($"{path}.service", service, problems);
        }

        CheckRange($"{path}.port", endpoint.Port, 1, 65_535, problems);
        if (endpoint.Credentials is { } credentials)
        {
            var section = $"{path}.credentials";
            var files = credentials is { UsernameFile: not null } or { PasswordFile: not null };
            PlanText.CheckNotBoth(section, "usernameFile and passwordFile", files, "secret", credentials.Secret is not null, problems);
            if (credentials.Secret is null && (credentials.UsernameFile is null || credentials.PasswordFile is null))
            {
                problems.Add(section, "wants secret, or both usernameFile and passwordFile");
            }

            PlanText.CheckFilePath($"{section}.usernameFile", credentials.UsernameFile, problems);
            PlanText.CheckFilePath($"{section}.passwordFile", credentials.PasswordFile, problems);
            if (credentials.Secret is { } secret)
            {
                KubernetesText.CheckName($"{section}.secret.name", secret.Name, problems);
                KubernetesText.CheckKey($"{section}.secret.usernameKey", secret.UsernameKey, problems);
                KubernetesText.CheckKey($"{section}.secret.passwordKey", secret.PasswordKey, problems);
            }
        }
    }

    private static bool IsUrl(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed)
        && parsed.Scheme is "http" or "https" && parsed.UserInfo.Length == 0 && parsed.Host.Length > 0 && parsed.Fragment.Length == 0;

    private static void CheckHttp(string path, HttpCheckSpec? http, PlanProblems problems)
    {
        if (http is null)
        {
            return;
        }

        CheckRange($"{path}.status", http.Status, 100, 599, problems);
        if (!http.Path.StartsWith('/') || http.Path.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)) || http.Path.StartsWith("//", StringComparison.Ordinal))
        {
            problems.Add($"{path}.path", http.Path, "a path that begins with one slash, such as /health");
        }

        if (http.Url is not null && http.Path != PlanDefaults.CheckPath)
        {
            problems.Add($"{path}.path", "is set beside url; wants the path in the url");
        }

        if (http.JsonValue is not null && http.JsonField is null)
        {
            problems.Add($"{path}.jsonValue", "is set without jsonField; wants both");
        }

        if (http.JsonField is { Length: 0 } || http.Contains is { Length: 0 })
        {
            problems.Add(path, "has an empty jsonField or contains; wants a text, or no such field");
        }
    }

    private static void CheckSql(string path, SqlCheckSpec? sql, PlanProblems problems)
    {
        if (sql is null)
        {
            return;
        }

        CheckText($"{path}.query", sql.Query, "a query such as SELECT count(*) FROM runs", problems);
        if ((sql.Value is null) == (sql.Minimum is null))
        {
            problems.Add(path, "wants exactly one of value and minimum");
        }
    }

    private static void CheckText(string path, string text, string wants, PlanProblems problems)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            problems.AddMissing(path, wants);
        }
    }

    private static void CheckRange(string path, int? value, int least, int most, PlanProblems problems)
    {
        if (value is { } number && (number < least || number > most))
        {
            problems.Add(path, $"{number}", $"a number from {least} to {most}");
        }
    }
}
