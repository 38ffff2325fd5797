using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.InCluster.Discovery;

/// <summary>Guesses a platform from what a namespace has. Pure: the same in, the same out.</summary>
internal sealed class PlatformFinder
{
    public const string PassphraseSecret = "backup-passphrase";
    public const string PassphraseKey = "passphrase";

    private readonly NamespaceContents contents;
    private readonly IReadOnlyList<Workload> databases;
    private readonly Workload? mlflow;

    private PlatformFinder(NamespaceContents contents)
    {
        this.contents = contents;
        databases = [.. contents.Workloads.Where(IsDatabase)];
        mlflow = contents.Workloads.Where(w => !databases.Contains(w)).OrderByDescending(Likeness).FirstOrDefault(w => Likeness(w) > 0);
    }

    public static PlatformFound Find(NamespaceContents contents) => new PlatformFinder(contents).Find();

    private PlatformFound Find()
    {
        var database = new DatabaseFinder(contents, databases, mlflow).Find();
        var artifacts = new ArtifactsFinder(contents, mlflow).Find();
        var claim = contents.Claims.FirstOrDefault(c => c.Metadata.Name == artifacts?.ClaimName);
        var security = mlflow?.View.Spec?.Template?.Spec?.SecurityContext;
        return new PlatformFound
        {
            Database = database,
            Artifacts = artifacts,
            AffinityLabels = claim is not null && mlflow?.Mounts(claim.Metadata.Name) == true ? Affinity(claim, mlflow) : null,
            RunAsUser = artifacts?.ClaimName is not null && security?.RunAsUser is > 0 and { } user
                ? new Finding<int>(user, $"found: the user of {mlflow}, whose files the artifacts are") : null,
            FsGroup = artifacts?.ClaimName is not null && security?.FsGroup is > 0 and { } group
                ? new Finding<int>(group, $"found: the group of {mlflow}'s volumes") : null,
            ScaleDown = ScaleDown(database, artifacts),
            StorageClass = claim?.Spec?.StorageClassName is { Length: > 0 } storage
                ? new Finding<string>(storage, $"found: the class of {claim.Metadata.Name}") : null,
            HasPassphrase = contents.SecretKeys.TryGetValue(PassphraseSecret, out var keys) && keys.Contains(PassphraseKey),
        };
    }

    /// <summary>Rather one too many: what is one is never stopped.</summary>
    private bool IsDatabase(Workload workload) =>
        workload.View.Containers.Any(c => ImageNames.IsPostgres(c.Image)
            || c.Ports?.Exists(p => p.ContainerPort == PlanDefaults.PostgresPort) == true
            || c.Variable("PGDATA", "POSTGRES_DB", "POSTGRESQL_DATABASE") is not null)
        || contents.Services.Any(s => s.Spec?.Ports?.Exists(p => p.Port == PlanDefaults.PostgresPort) == true && workload.IsSelectedBy(s));

    /// <summary>How much a workload looks like MLflow's server; 0 for not at all.</summary>
    public static int Likeness(Workload workload) => workload.View.Containers.Max(c =>
        (c.Variable("MLFLOW_BACKEND_STORE_URI", "MLFLOW_ARTIFACTS_DESTINATION", "MLFLOW_DEFAULT_ARTIFACT_ROOT") is not null ? 8 : 0)
        + (c.CommandLine.Contains("mlflow server", StringComparison.Ordinal) || c.CommandLine.Contains("--backend-store-uri", StringComparison.Ordinal) ? 8 : 0)
        + (c.CommandLine.Contains("--artifacts-destination", StringComparison.Ordinal) || c.CommandLine.Contains("--default-artifact-root", StringComparison.Ordinal) ? 4 : 0)
        + (ImageNames.Name(c.Image).Contains("mlflow", StringComparison.Ordinal) ? 2 : 0)
        + (workload.Name.Contains("mlflow", StringComparison.Ordinal) ? 1 : 0)) is var score && score > 0 ? score : 0;

    private static Finding<IReadOnlyDictionary<string, string>>? Affinity(VolumeClaimView claim, Workload workload)
    {
        if (claim.Spec?.AccessModes?.Contains("ReadWriteMany") == true)
        {
            return null;
        }

        string[] telling = ["app.kubernetes.io/name", "app.kubernetes.io/instance", "app"];
        var labels = workload.View.PodLabels.Where(l => telling.Contains(l.Key)).ToDictionary(StringComparer.Ordinal);
        if (labels.Count == 0)
        {
            labels = workload.View.PodLabels.Where(l => !l.Key.Contains("hash", StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
        }

        return labels.Count == 0 ? null : new Finding<IReadOnlyDictionary<string, string>>(
            labels, $"found: {workload} has the volume {claim.Metadata.Name}, which only one node can have");
    }

    /// <summary>MLflow last: those that use it go first.</summary>
    private List<Finding<string>> ScaleDown(DatabaseFound? database, ArtifactsFound? artifacts)
    {
        var found = new List<Finding<string>>();
        foreach (var workload in contents.Workloads.Except(databases).Where(w => w != mlflow && !w.View.Containers.Any(c => ImageNames.IsExporter(c.Image))))
        {
            var why = artifacts?.ClaimName is { } claim && workload.Mounts(claim) ? $"mounts {claim}"
                : database is not null && workload.UsesSecret(database.Password.Value.Name) ? $"uses the Secret {database.Password.Value.Name}"
                : null;
            if (why is not null)
            {
                found.Add(new Finding<string>(workload.ToString(), $"guessed: {why}"));
            }
        }

        if (mlflow is not null)
        {
            found.Add(new Finding<string>(mlflow.ToString(), "found: MLflow"));
        }

        return found;
    }
}
