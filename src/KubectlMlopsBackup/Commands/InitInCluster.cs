using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.InCluster.Discovery;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.Commands;

/// <summary><c>init</c> with a cluster: a plan of what a namespace has, or the repositories of the installed one.</summary>
internal static class InitInCluster
{
    public static async Task<ExitCode> WritePlanAsync(
        VerbContext context, InitAnswers answers, string? name, CancellationToken cancellationToken)
    {
        var path = context.PlanPath;
        if (File.Exists(path))
        {
            throw new UserError($"{path} exists", "edit it, or name another with --plan; to install it: kubectl mlopsbackup install", ExitCode.Usage);
        }

        var buckets = answers.Repositories.Select(r => InitPlan.Repository(r, answers.Endpoint)).ToList();
        if (buckets.Find(b => b.S3 is null) is { } folder)
        {
            throw new UserError($"--repository {folder.Name} is a folder of this machine", "in the cluster: NAME=s3://BUCKET/PREFIX; a volume is in the plan anyway", ExitCode.Usage);
        }

        var encryption = (answers.KmsKeyId, answers.NoEncryption) switch
        {
            ({ } key, false) => new EncryptionSpec { Kms = new KmsSpec { KeyId = key } },
            (null, true) => new EncryptionSpec { None = true },
            (null, false) => new EncryptionSpec(),
            _ => throw new UserError("--kms-key-id and --no-encryption contradict each other", "use one of them", ExitCode.Usage),
        };
        using var api = await context.ClusterAsync(cancellationToken);
        var contents = await NamespaceContents.ReadAsync(api, w => Console.Error.WriteLine($"warning: {w}"), cancellationToken);
        var found = PlatformFinder.Find(contents);
        if (found.Database is null && found.Artifacts is null)
        {
            throw new UserError(
                $"nothing in namespace {api.Namespace} looks like PostgreSQL or MLflow",
                "name the platform's namespace with -n, or write a plan by hand: docs/kubernetes.md shows one",
                ExitCode.Usage);
        }

        var text = ClusterPlanText.Render(
            found, new ClusterPlanOptions(name ?? api.Namespace, api.Namespace, buckets, encryption, ToolVersion.Current));
        // What could not be installed is not written.
        var plan = PlanLoader.Parse(text, path, Path.GetDirectoryName(Path.GetFullPath(path))!);
        ManifestRenderer.Render(plan, new ManifestOptions(path, text, api.Namespace, ToolVersion.Current));
        await File.WriteAllTextAsync(path, text, cancellationToken);
        Say(context, found, path, api.Namespace, plan.Spec.Encryption!.PassphraseSecret is not null);
        return ExitCode.Done;
    }

    private static void Say(VerbContext context, PlatformFound found, string path, string ns, bool hasPassphrase)
    {
        if (found.Database is { } database)
        {
            context.Say($"postgres   {database.Database.Value} at {database.Host.Value}:{database.Port}");
        }

        if (found.Artifacts is { } artifacts)
        {
            context.Say($"artifacts  {(artifacts.ClaimName is { } claim ? $"volume {claim}" : $"s3://{artifacts.Bucket}/{artifacts.Prefix}")}");
        }

        foreach (var workload in found.ScaleDown)
        {
            context.Say($"stops      {workload.Value} for a restore");
        }

        context.Say($"{path} written: read what it marks as guessed");
        if (hasPassphrase && !found.HasPassphrase)
        {
            context.Say($"before it is installed, make the passphrase's Secret in namespace {ns}; keep a copy elsewhere: without it the backups are lost");
            context.Say("  openssl rand -base64 33 > passphrase && chmod 600 passphrase");
            context.Say($"  kubectl -n {ns} create secret generic {PlatformFinder.PassphraseSecret} --from-file={PlatformFinder.PassphraseKey}=passphrase");
        }
    }
}
