using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Sources.ClusterConfig;

namespace KubectlMlopsBackup.Recovery.Sources;

/// <summary>What is known of a platform when there is nothing but the bucket and the key.</summary>
internal static class BucketPlan
{
    /// <summary>The name of the bucket's repository in <see cref="ToRead"/>.</summary>
    public const string Name = "from";

    /// <summary>A plan that only reads: from this machine, with its own credentials.</summary>
    /// <param name="region">Null for what the environment says.</param>
    /// <param name="endpoint">Null for AWS.</param>
    /// <param name="passphraseFile">Null where no passphrase opens it.</param>
    /// <param name="kmsKeyId">Null where no key of KMS opens it. The caller's own word: what the bucket says of its keys is not to be believed.</param>
    public static BackupPlan ToRead(string bucket, string prefix, string? region, string? endpoint, string? passphraseFile, string? kmsKeyId)
    {
        var plan = new BackupPlan
        {
            ApiVersion = BackupPlan.ExpectedApiVersion,
            Kind = BackupPlan.ExpectedKind,
            Metadata = new PlanMetadata { Name = "recovery" },
            Spec = new PlanSpec
            {
                Repositories = [new RepositorySpec { Name = Name, S3 = new RepositoryS3Spec { Bucket = bucket, Prefix = prefix, Region = region, Endpoint = endpoint } }],
                Encryption = new EncryptionSpec
                {
                    PassphraseFile = passphraseFile,
                    Kms = kmsKeyId is null ? null : new KmsSpec { KeyId = kmsKeyId, Region = region },
                    None = passphraseFile is null && kmsKeyId is null ? true : null,
                },
            },
        };
        PlanDefaults.Apply(plan, Directory.GetCurrentDirectory());
        return plan;
    }

    /// <summary>The plan that was installed, as its ConfigMap in the configuration has it.</summary>
    /// <exception cref="UserError">There is none, or it is not valid.</exception>
    public static InstalledPlan Installed(IReadOnlyList<ConfigObject> objects, string plan)
    {
        const string Version = "app.kubernetes.io/version";
        var map = objects.FirstOrDefault(o => o.Key is { Group: "", Kind: "ConfigMap", Name: ManifestRenderer.PlanConfigMap }
            && o.Label("app.kubernetes.io/instance") == plan);
        if (map?.Key.Namespace is not { } ns || (string?)map.Body["data"]?["source.yaml"] is not { } source)
        {
            throw new UserError(
                $"the configuration of the recovery point has no plan {plan}", "name the plan's file with --plan: what it says is recovered", ExitCode.Usage);
        }

        return new InstalledPlan(PlanLoader.Parse(source, $"ConfigMap {ns}/{ManifestRenderer.PlanConfigMap}", Path.GetTempPath()), source, ns, map.Label(Version) ?? ToolVersion.Current);
    }

    /// <summary>The plan with one of its repositories: whatever became of the others, the Jobs need only this one.</summary>
    public static InstalledPlan Only(InstalledPlan installed, string repository)
    {
        var copy = installed.CopyPlan();
        copy.Spec.Repositories.RemoveAll(r => r.Name != repository);
        return installed with { Plan = copy };
    }

    /// <summary>The plan with this bucket as its one repository: the Jobs read where this machine has read, with the credentials that the plan gives them.</summary>
    /// <exception cref="UserError">The plan gives none.</exception>
    public static InstalledPlan ReadFrom(InstalledPlan installed, RepositoryS3Spec from)
    {
        var own = installed.Spec.Repositories.FirstOrDefault(r => r.S3 is { } s3 && s3.Bucket == from.Bucket && s3.Prefix == from.Prefix)
            ?? installed.Spec.Repositories.FirstOrDefault(r => r.S3 is not null)
            ?? throw new UserError(
                $"the plan {installed.Name} has no repository in S3, and so no credentials with which pods could read s3://{from.Bucket}/{from.Prefix}",
                "name a file of the plan that has one, with --plan", ExitCode.Usage);
        var copy = installed.CopyPlan();
        var repository = copy.Spec.Repositories.First(r => r.Name == own.Name);
        repository.S3!.Bucket = from.Bucket;
        repository.S3.Prefix = from.Prefix;
        repository.S3.Endpoint = from.Endpoint ?? repository.S3.Endpoint;
        repository.S3.Region = from.Region ?? repository.S3.Region;
        copy.Spec.Repositories = [repository];
        return installed with { Plan = copy };
    }
}
