using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.Manifests;

/// <summary>What a valid plan needs beyond that to be run in a cluster: nothing in it may be of the user's own machine.</summary>
internal static class ClusterRules
{
    public static void Check(BackupPlan plan, PlanProblems problems)
    {
        var spec = plan.Spec;
        if (spec.Postgres is { } postgres)
        {
            CheckPostgres(postgres, problems);
        }

        if (spec.Artifacts is { } artifacts)
        {
            NotHere("spec.artifacts.path", artifacts.Path, "volume or s3", problems);
            CheckCredentials("spec.artifacts.s3", artifacts.S3?.Credentials, problems);
        }

        for (var i = 0; i < spec.Repositories.Count; i++)
        {
            NotHere($"spec.repositories[{i}].path", spec.Repositories[i].Path, "volume or s3", problems);
            CheckCredentials($"spec.repositories[{i}].s3", spec.Repositories[i].S3?.Credentials, problems);
        }

        NotHere("spec.encryption.passphraseFile", spec.Encryption?.PassphraseFile, "passphraseSecret", problems);
        NotHere("spec.encryption.passphraseEnv", spec.Encryption?.PassphraseEnv, "passphraseSecret", problems);
        CheckCredentials("spec.encryption.kms", spec.Encryption?.Kms?.Credentials, problems);
        for (var i = 0; i < spec.Notifications?.Count; i++)
        {
            NotHere($"spec.notifications[{i}].urlFile", spec.Notifications[i].UrlFile, "urlSecret", problems);
            NotHere($"spec.notifications[{i}].urlEnv", spec.Notifications[i].UrlEnv, "urlSecret", problems);
        }

        for (var i = 0; i < spec.Monitoring?.Push?.Count; i++)
        {
            NotHere($"spec.monitoring.push[{i}].headersFile", spec.Monitoring.Push[i].HeadersFile, "headersSecret", problems);
            NotHere($"spec.monitoring.push[{i}].headersEnv", spec.Monitoring.Push[i].HeadersEnv, "headersSecret", problems);
        }

        for (var i = 0; i < spec.Recovery.Checks?.Count; i++)
        {
            var credentials = spec.Recovery.Checks[i].Endpoint()?.Credentials;
            var section = $"spec.recovery.checks[{i}].{spec.Recovery.Checks[i].Kinds()[0]}.credentials";
            NotHere($"{section}.usernameFile", credentials?.UsernameFile, "secret", problems);
            NotHere($"{section}.passwordFile", credentials?.PasswordFile, "secret", problems);
        }

        CheckSchedules(spec, problems);
        CheckDrill(spec, problems);
    }

    /// <summary>A schedule that could only ever fail is said at once, and not by its first run.</summary>
    private static void CheckDrill(PlanSpec spec, PlanProblems problems)
    {
        if (spec.Recovery.Drill.Schedule is null)
        {
            return;
        }

        if (spec.Config is null)
        {
            problems.Add("spec.recovery.drill.schedule", "wants spec.config beside it: a drill rebuilds the platform from the backup of its configuration");
        }

        if (!spec.Repositories.Exists(r => r.S3 is not null))
        {
            problems.Add("spec.recovery.drill.schedule", "wants a repository in S3 (spec.repositories): pods of the scratch namespace cannot have this one's volume");
        }
    }

    private static void CheckPostgres(PostgresSpec postgres, PlanProblems problems)
    {
        if (postgres.Host is "localhost" or "127.0.0.1" or "::1" || postgres.Host.StartsWith('/'))
        {
            problems.Add("spec.postgres.host", postgres.Host, "in the cluster, the name of the database's Service: this one is the backup's own pod");
        }

        NotHere("spec.postgres.passwordFile", postgres.PasswordFile, "passwordSecret", problems);
        NotHere("spec.postgres.passwordEnv", postgres.PasswordEnv, "passwordSecret", problems);
        NotHere("spec.postgres.sslRootCert", postgres.SslRootCert, "sslRootCertSecret", problems);
    }

    private static void CheckCredentials(string path, S3CredentialsSpec? credentials, PlanProblems problems)
    {
        const string Instead = "credentials.secret, or no credentials where the pod has a role (IRSA, Pod Identity)";
        NotHere($"{path}.credentials.accessKeyIdEnv", credentials?.AccessKeyIdEnv, Instead, problems);
        NotHere($"{path}.credentials.file", credentials?.File, Instead, problems);
    }

    /// <summary>The defaults are only known here to be meant.</summary>
    private static void CheckSchedules(PlanSpec spec, PlanProblems problems)
    {
        var rpo = spec.Recovery.RpoDuration();
        if (spec.Postgres is { Schedule: null })
        {
            ScheduleRules.Check("spec.postgres.schedule", PlanDefaults.PostgresSchedule, spec.TimeZone, rpo, problems);
        }

        if (spec.Artifacts is { Schedule: null })
        {
            ScheduleRules.Check("spec.artifacts.schedule", PlanDefaults.ArtifactsSchedule, spec.TimeZone, rpo, problems);
        }
    }

    private static void NotHere(string path, string? value, string instead, PlanProblems problems)
    {
        if (value is not null)
        {
            problems.Add(path, $"is of this machine, not of the cluster; wants {instead} in its place");
        }
    }
}
