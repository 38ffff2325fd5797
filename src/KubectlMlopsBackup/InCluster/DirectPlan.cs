using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Local;

namespace KubectlMlopsBackup.InCluster;

/// <summary>
/// The S3 repositories of an installed plan, read from this machine: no Job is needed, and no node. The S3 rights are those of the person
/// who asks, as the AWS SDK finds them here; the Jobs' own keys are not touched.
/// </summary>
internal static class DirectPlan
{
    /// <summary>No variable of the environment: the name under which the plan finds the passphrase that the cluster's Secret holds.</summary>
    private const string FromCluster = "the-plans-secret";

    /// <param name="api">Null where there is no cluster yet: the passphrase then has to be in a file.</param>
    /// <param name="passphraseFile">Null for the Secret that the plan names, with the caller's own rights.</param>
    /// <param name="warn">Told of repositories that cannot be reached from here.</param>
    /// <exception cref="UserError">No repository of the plan is in S3, or the passphrase cannot be had.</exception>
    public static async Task<LocalPlan> LoadAsync(
        ClusterApi? api, InstalledPlan installed, string? passphraseFile, TimeProvider clock, Action<string> warn, CancellationToken cancellationToken)
    {
        var plan = installed.CopyPlan();
        var reachable = plan.Spec.Repositories.Where(r => r.S3 is not null).ToList();
        if (reachable.Count == 0)
        {
            throw new UserError(
                $"plan {installed.Name} has no repository in S3, and --direct reaches no volume of the cluster",
                "leave --direct out: a Job reads it then",
                ExitCode.Usage);
        }

        foreach (var hidden in plan.Spec.Repositories.Except(reachable))
        {
            warn($"repository {hidden.Name} lies in a volume, which --direct does not reach");
        }

        foreach (var repository in reachable)
        {
            repository.S3!.Credentials = null;
        }

        plan.Spec.Repositories = reachable;
        if (plan.Spec.Encryption?.Kms is { } kms)
        {
            kms.Credentials = null;
        }

        string? passphrase = null;
        if (passphraseFile is not null)
        {
            plan.Spec.Encryption = new EncryptionSpec { PassphraseFile = Path.GetFullPath(passphraseFile) };
        }
        else if (plan.Spec.Encryption?.PassphraseSecret is { } secret)
        {
            passphrase = await PassphraseAsync(
                api ?? throw new UserError("the plan's passphrase is in a Secret of a cluster", "give it with --passphrase-file FILE", ExitCode.Usage), installed.Namespace, secret, cancellationToken);
            plan.Spec.Encryption = new EncryptionSpec { PassphraseEnv = FromCluster };
        }

        return LocalPlan.Of(
            plan, clock, warn, new SecretResolver(name => name == FromCluster ? passphrase : Environment.GetEnvironmentVariable(name)));
    }

    private static async Task<string> PassphraseAsync(ClusterApi api, string ns, SecretKeySpec secret, CancellationToken cancellationToken)
    {
        const string fix = "give the passphrase with --passphrase-file FILE";
        SecretView view;
        try
        {
            view = await api.GetAsync(ApiResource.Secrets, ns, secret.Name, ClusterJson.Default.SecretView, cancellationToken);
        }
        catch (ClusterException e)
        {
            throw new UserError($"the passphrase cannot be read from the cluster: {e.Message}", fix, inner: e);
        }

        return view.Data?.GetValueOrDefault(secret.Key) is { Length: > 0 } value
            ? SecretResolver.WithoutNewline(System.Text.Encoding.UTF8.GetString(value))
            : throw new UserError($"Secret {ns}/{secret.Name} has no key {secret.Key}", fix);
    }
}
