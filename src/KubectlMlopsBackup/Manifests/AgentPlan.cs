using System.Text.Json;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Manifests;

/// <summary>
/// The plan as the Jobs see it: what the user's plan says of Secrets and volumes is files, variables and folders here.
/// The agent so needs no code, and no rights, of a cluster.
/// </summary>
internal sealed class AgentPlan
{
    private AgentPlan(BackupPlan plan) => Plan = plan;

    public BackupPlan Plan { get; }

    public List<SecretFile> PostgresFiles { get; } = [];

    /// <summary>For all that opens a repository.</summary>
    public List<SecretFile> RepositoryFiles { get; } = [];

    /// <summary>For checks of the platform.</summary>
    public List<SecretFile> CheckFiles { get; } = [];

    /// <summary>The addresses of those who are told how a run ended, and the headers for those who get its figures.</summary>
    public List<SecretFile> NotificationFiles { get; } = [];

    public List<SecretVariable> ArtifactsVariables { get; } = [];

    public List<SecretVariable> RepositoryVariables { get; } = [];

    /// <param name="plan">Valid, and past <see cref="ClusterRules"/>. Not changed.</param>
    /// <param name="ns">That of the installation.</param>
    public static AgentPlan Of(BackupPlan plan, string ns)
    {
        var copy = JsonSerializer.SerializeToElement(plan, ManifestJson.Default.BackupPlan).Deserialize(ManifestJson.Default.BackupPlan)!;
        var agent = new AgentPlan(copy);
        agent.Rewrite(copy.Spec);
        if (copy.Spec.Config is { Namespaces.Count: 0 } config)
        {
            config.Namespaces.Add(ns);
        }

        return agent;
    }

    public string Yaml()
    {
        using var text = new StringWriter { NewLine = "\n" };
        YamlPrinter.Write(text, Plan, ManifestJson.Default.BackupPlan);
        return text.ToString();
    }

    private void Rewrite(PlanSpec spec)
    {
        spec.Kubernetes = null;
        // The Jobs push; the rest is others'.
        spec.Monitoring = spec.Monitoring is { Push: { Count: > 0 } targets } ? new MonitoringSpec { Push = targets } : null;
        if (spec.Postgres is { } postgres)
        {
            postgres.PasswordFile = File(PostgresFiles, postgres.PasswordSecret, AgentPaths.PostgresPassword);
            postgres.SslRootCert = File(PostgresFiles, postgres.SslRootCertSecret, AgentPaths.PostgresRootCert);
            postgres.PasswordSecret = null;
            postgres.SslRootCertSecret = null;
            postgres.ClientTools = null;
        }

        if (spec.Artifacts is { } artifacts)
        {
            artifacts.Path = artifacts.Volume?.MountPath;
            artifacts.Volume = null;
            if (artifacts.S3 is { } bucket)
            {
                bucket.Credentials = Variables(ArtifactsVariables, bucket.Credentials, "ARTIFACTS");
            }
        }

        for (var i = 0; i < spec.Repositories.Count; i++)
        {
            var repository = spec.Repositories[i];
            repository.Path = repository.Volume is null ? null : AgentPaths.Repository(repository.Name);
            repository.Volume = null;
            if (repository.S3 is { } s3)
            {
                // Of the bucket, not of what is done in it: no Job needs it, and none of an older version knows it.
                s3.Setup = null;
                s3.Credentials = Variables(RepositoryVariables, s3.Credentials, $"REPOSITORY_{i}");
            }
        }

        if (spec.Encryption is { } encryption)
        {
            encryption.PassphraseFile = File(RepositoryFiles, encryption.PassphraseSecret, AgentPaths.Passphrase);
            encryption.PassphraseSecret = null;
            if (encryption.Kms is { } kms)
            {
                kms.Credentials = Variables(RepositoryVariables, kms.Credentials, "KMS");
            }
        }

        for (var i = 0; i < spec.Notifications?.Count; i++)
        {
            spec.Notifications[i].UrlFile = File(NotificationFiles, spec.Notifications[i].UrlSecret, AgentPaths.Notification(i));
            spec.Notifications[i].UrlSecret = null;
        }

        for (var i = 0; i < spec.Monitoring?.Push?.Count; i++)
        {
            var push = spec.Monitoring.Push[i];
            push.HeadersFile = File(NotificationFiles, push.HeadersSecret, AgentPaths.PushHeaders(i));
            push.HeadersSecret = null;
        }

        for (var i = 0; i < spec.Recovery.Checks?.Count; i++)
        {
            Rewrite(spec.Recovery.Checks[i].Endpoint()?.Credentials, i);
        }
    }

    private void Rewrite(BasicAuthSpec? credentials, int check)
    {
        if (credentials?.Secret is { } secret)
        {
            credentials.UsernameFile = File(CheckFiles, new SecretKeySpec { Name = secret.Name, Key = secret.UsernameKey }, AgentPaths.CheckUsername(check));
            credentials.PasswordFile = File(CheckFiles, new SecretKeySpec { Name = secret.Name, Key = secret.PasswordKey }, AgentPaths.CheckPassword(check));
            credentials.Secret = null;
        }
    }

    private static string? File(List<SecretFile> files, SecretKeySpec? secret, string path)
    {
        if (secret is null)
        {
            return null;
        }

        files.Add(new SecretFile(secret.Name, secret.Key, path));
        return $"{AgentPaths.Secrets}/{path}";
    }

    private static S3CredentialsSpec? Variables(List<SecretVariable> variables, S3CredentialsSpec? credentials, string part)
    {
        if (credentials?.Secret is not { } secret)
        {
            return credentials;
        }

        string Add(string word, string key)
        {
            var name = $"MLOPSBACKUP_{part}_{word}";
            variables.Add(new SecretVariable(name, secret.Name, key));
            return name;
        }

        return new S3CredentialsSpec
        {
            AccessKeyIdEnv = Add("ACCESS_KEY_ID", secret.AccessKeyIdKey),
            SecretAccessKeyEnv = Add("SECRET_ACCESS_KEY", secret.SecretAccessKeyKey),
            SessionTokenEnv = secret.SessionTokenKey is { } token ? Add("SESSION_TOKEN", token) : null,
        };
    }
}
