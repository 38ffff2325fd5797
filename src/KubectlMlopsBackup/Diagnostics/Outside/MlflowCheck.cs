using KubectlMlopsBackup.InCluster.Discovery;

namespace KubectlMlopsBackup.Diagnostics.Outside;

/// <summary>Whether what MLflow's workload says of itself is in the plan: where its artifacts lie, and what it cannot do without.</summary>
internal sealed class MlflowCheck(ClusterLook look) : Check
{
    private const string Kek = "MLFLOW_CRYPTO_KEK_PASSPHRASE";
    private const string Auth = "MLFLOW_AUTH_CONFIG_PATH";

    public override string Id => "mlflow";

    public override async Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        var contents = await look.ContentsAsync();
        Artifacts(found, PlatformFinder.Find(contents).Artifacts);
        foreach (var workload in contents.Workloads)
        {
            foreach (var container in workload.View.Containers)
            {
                if (container.Variable(Kek) is { } kek)
                {
                    var where = kek.ValueFrom?.SecretKeyRef is { } key ? $"the key {key.Key} of Secret {key.Name}" : "its environment";
                    found.Warning(
                        Faults.MlflowSecret, $"{workload} takes {Kek} from {where}: without it, secrets that MLflow keeps in its database cannot be read after a restore",
                        $"keep a copy of {where} outside the cluster, beside the backup's own passphrase");
                }

                if (container.Variable(Auth) is not null || container.CommandLine.Contains("--app-name basic-auth", StringComparison.Ordinal)
                    || container.CommandLine.Contains("--app-name=basic-auth", StringComparison.Ordinal))
                {
                    found.Warning(
                        Faults.MlflowSecret, $"{workload} has users and permissions of its own (basic-auth), in the database that {Auth} names; the plan backs up {look.Spec.Postgres?.Database ?? "no database"}",
                        $"have database_uri of that file name the database {look.Spec.Postgres?.Database ?? "of the plan"}, or back the other one up by a plan of its own");
                }
            }
        }
    }

    private void Artifacts(Findings found, ArtifactsFound? artifacts)
    {
        if (artifacts is null || !artifacts.Note.StartsWith("found:", StringComparison.Ordinal))
        {
            return;
        }

        var plan = look.Spec.Artifacts;
        var said = artifacts.Note["found: ".Length..];
        if (artifacts.ClaimName is { } claim)
        {
            var inside = plan?.Volume?.ClaimName == claim && IsBelow(artifacts.SubPath, plan.Volume.SubPath);
            Tell(found, inside, $"{said}, on PersistentVolumeClaim {claim}{(artifacts.SubPath is { } sub ? $" below {sub}" : "")}", $"{{volume: {{claimName: {claim}}}}}");
        }
        else if (artifacts.Bucket is { } bucket)
        {
            var inside = plan?.S3?.Bucket == bucket && IsBelow(artifacts.Prefix, plan.S3.Prefix);
            Tell(found, inside, $"{said}: s3://{bucket}/{artifacts.Prefix}", $"{{s3: {{bucket: {bucket}, prefix: \"{artifacts.Prefix}\"}}}}");
        }
    }

    private void Tell(Findings found, bool inside, string evidence, string field)
    {
        if (inside)
        {
            found.Ok($"{evidence}, which the plan backs up");
            return;
        }

        var has = look.Spec.Artifacts switch
        {
            null => "no artifacts",
            { Volume: { } volume } => $"PersistentVolumeClaim {volume.ClaimName}{(volume.SubPath is { } sub ? $" below {sub}" : "")}",
            { S3: { } s3 } => $"s3://{s3.Bucket}/{s3.Prefix}",
            _ => "another place",
        };
        found.Problem(Faults.ArtifactsOutside, $"{evidence}; the plan backs up {has}", $"set spec.artifacts in the plan to {field} and install it again");
    }

    /// <param name="path">Null or empty for the root.</param>
    /// <param name="root">Null or empty for all of it.</param>
    private static bool IsBelow(string? path, string? root)
    {
        var (inner, outer) = ((path ?? "").Trim('/'), (root ?? "").Trim('/'));
        return outer.Length == 0 || inner == outer || inner.StartsWith(outer + "/", StringComparison.Ordinal);
    }
}
