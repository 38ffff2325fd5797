using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.InCluster.Installing;

/// <summary>The Secrets that a plan names.</summary>
internal static class PlanSecrets
{
    private const string Passphrase = "spec.encryption.passphraseSecret";

    public static IEnumerable<PlanSecret> Of(PlanSpec spec)
    {
        if (spec.Postgres?.PasswordSecret is { } password)
        {
            yield return new PlanSecret("spec.postgres.passwordSecret", password.Name, password.Key);
        }

        if (spec.Postgres?.SslRootCertSecret is { } root)
        {
            yield return new PlanSecret("spec.postgres.sslRootCertSecret", root.Name, root.Key);
        }

        if (spec.Encryption?.PassphraseSecret is { } passphrase)
        {
            yield return new PlanSecret(Passphrase, passphrase.Name, passphrase.Key);
        }

        IEnumerable<(string Field, S3CredentialsSpec? Credentials)> users =
        [
            ("spec.artifacts.s3", spec.Artifacts?.S3?.Credentials),
            ("spec.encryption.kms", spec.Encryption?.Kms?.Credentials),
            .. spec.Repositories.Select((r, i) => ($"spec.repositories[{i}].s3", r.S3?.Credentials)),
        ];
        foreach (var (field, credentials) in users)
        {
            if (credentials?.Secret is { } secret)
            {
                foreach (var key in new[] { secret.AccessKeyIdKey, secret.SecretAccessKeyKey, secret.SessionTokenKey }.OfType<string>())
                {
                    yield return new PlanSecret($"{field}.credentials.secret", secret.Name, key);
                }
            }
        }

        for (var i = 0; i < spec.Notifications?.Count; i++)
        {
            if (spec.Notifications[i].UrlSecret is { } url)
            {
                yield return new PlanSecret($"spec.notifications[{i}].urlSecret", url.Name, url.Key);
            }
        }

        for (var i = 0; i < spec.Monitoring?.Push?.Count; i++)
        {
            if (spec.Monitoring.Push[i].HeadersSecret is { } headers)
            {
                yield return new PlanSecret($"spec.monitoring.push[{i}].headersSecret", headers.Name, headers.Key);
            }
        }

        for (var i = 0; i < spec.Recovery.Checks?.Count; i++)
        {
            if (spec.Recovery.Checks[i].Endpoint()?.Credentials?.Secret is { } auth)
            {
                var field = $"spec.recovery.checks[{i}].{spec.Recovery.Checks[i].Kinds()[0]}.credentials.secret";
                yield return new PlanSecret(field, auth.Name, auth.UsernameKey);
                yield return new PlanSecret(field, auth.Name, auth.PasswordKey);
            }
        }

        for (var i = 0; i < spec.Kubernetes!.ImagePullSecrets.Count; i++)
        {
            yield return new PlanSecret($"spec.kubernetes.imagePullSecrets[{i}]", spec.Kubernetes.ImagePullSecrets[i], null);
        }
    }

    /// <param name="option">Of the command line.</param>
    /// <param name="text"><c>NAME/KEY</c>.</param>
    /// <param name="path">Where the agent sees it.</param>
    /// <exception cref="UserError">It names no key of a Secret.</exception>
    public static SecretFile Parse(string option, string text, string path)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var (name, key) = slash < 0 ? (text, "") : (text[..slash], text[(slash + 1)..]);
        var problems = new PlanProblems(option);
        KubernetesText.CheckName(option, name, problems);
        KubernetesText.CheckKey(option, key, problems);
        return problems.All.Count > 0
            ? throw new UserError($"{option} names no key of a Secret", "write it as NAME/KEY, such as backup-passphrase/passphrase", ExitCode.Usage)
            : new SecretFile(name, key, path);
    }

    /// <summary>The command that makes a Secret, with no value in it: command lines are seen by others, and kept by shells.</summary>
    /// <param name="isInstalled">A plan is: there may be backups, which a new passphrase does not open.</param>
    public static string MakeCommand(string ns, string name, IReadOnlyList<PlanSecret> uses, bool isInstalled)
    {
        if (uses.Any(u => u.Field == Passphrase) && uses.Count == 1)
        {
            var put = $"kubectl -n {ns} create secret generic {name} --from-file={uses[0].Key}=passphrase";
            return isInstalled
                ? $"{put}   where passphrase is a file with the one that the backups were made with: your copy, or a recovery sheet's. Never a new one, which opens none of them"
                : $"openssl rand -base64 33 > passphrase && chmod 600 passphrase && {put}   (keep a copy outside the cluster; where the repositories are there already, it is the passphrase that they were made with)";
        }

        return uses.All(u => u.Key is null)
            ? $"kubectl -n {ns} create secret docker-registry {name} --docker-server=SERVER --docker-username=USER"
            : $"kubectl -n {ns} create secret generic {name} {string.Join(' ', uses.Where(u => u.Key is not null).Select(u => u.Key).Distinct().Select(k => $"--from-file={k}=FILE"))}";
    }
}
