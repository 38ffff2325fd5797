using System.Globalization;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Output;
using Scriban.Runtime;

namespace KubectlMlopsBackup.InCluster.Discovery;

/// <summary>Writes a commented plan of what was found in a namespace.</summary>
internal static class ClusterPlanText
{
    /// <summary>Values are quoted, and notes kept to one line: no name in the cluster can add a field.</summary>
    public static string Render(PlatformFound found, ClusterPlanOptions options)
    {
        var model = new ScriptObject
        {
            ["name"] = Quote(options.Name),
            ["namespace"] = Quote(options.Namespace),
            ["timeZone"] = Quote(PlanDefaults.TimeZone),
            ["postgres"] = Database(found.Database),
            ["artifacts"] = Artifacts(found.Artifacts),
            ["repositories"] = new ScriptArray(Repositories(options)),
            ["offsite"] = options.Repositories.Count > 0,
            ["storageClass"] = Quote(found.StorageClass?.Value),
            ["storageClassNote"] = Note(found.StorageClass?.Note),
            ["kmsKeyId"] = Quote(options.Encryption.Kms?.KeyId),
            ["encrypted"] = options.Encryption.None is not true,
            ["hasPassphrase"] = found.HasPassphrase,
            ["passphraseSecret"] = PlatformFinder.PassphraseSecret,
            ["passphraseKey"] = PlatformFinder.PassphraseKey,
            ["version"] = options.Version,
            ["drillSchedule"] = PlanDefaults.DrillSchedule,
            ["affinity"] = found.AffinityLabels is { } labels ? ObjectModel.Pairs(new Dictionary<string, string>(labels.Value, StringComparer.Ordinal)) : null,
            ["affinityNote"] = Note(found.AffinityLabels?.Note),
            ["runAsUser"] = Number(found.RunAsUser?.Value),
            ["runAsUserNote"] = Note(found.RunAsUser?.Note),
            ["fsGroup"] = Number(found.FsGroup?.Value),
            ["fsGroupNote"] = Note(found.FsGroup?.Note),
            ["scaleDown"] = new ScriptArray(found.ScaleDown.Select(w => new ScriptObject { ["name"] = Quote(w.Value), ["note"] = Note(w.Note) })),
        };
        return TemplateRenderer.Render("plan-cluster.yaml.sbn", model);
    }

    private static ScriptObject? Database(DatabaseFound? database) => database is null ? null : new ScriptObject
    {
        ["host"] = Quote(database.Host.Value),
        ["hostNote"] = Note(database.Host.Note),
        ["port"] = Number(database.Port),
        ["database"] = Quote(database.Database.Value),
        ["databaseNote"] = Note(database.Database.Note),
        ["user"] = Quote(database.User.Value),
        ["userNote"] = Note(database.User.Note),
        ["secret"] = Quote(database.Password.Value.Name),
        ["key"] = Quote(database.Password.Value.Key),
        ["passwordNote"] = Note(database.Password.Note),
        ["version"] = Note(database.Version),
    };

    private static ScriptObject? Artifacts(ArtifactsFound? artifacts) => artifacts is null ? null : new ScriptObject
    {
        ["note"] = Note(artifacts.Note),
        ["claimName"] = Quote(artifacts.ClaimName),
        ["subPath"] = Quote(artifacts.SubPath),
        ["mountPath"] = Quote(artifacts.MountPath),
        ["bucket"] = Quote(artifacts.Bucket),
        ["prefix"] = string.IsNullOrEmpty(artifacts.Prefix) ? null : Quote(artifacts.Prefix),
        ["endpoint"] = Quote(artifacts.Endpoint),
        ["secret"] = Quote(artifacts.Credentials?.Secret),
        ["accessKeyIdKey"] = Quote(artifacts.Credentials?.AccessKeyIdKey),
        ["secretAccessKeyKey"] = Quote(artifacts.Credentials?.SecretAccessKeyKey),
    };

    private static IEnumerable<ScriptObject> Repositories(ClusterPlanOptions options) =>
    [
        Repository(new RepositorySpec { Name = "local" }),
        .. options.Repositories.Select(Repository),
    ];

    private static ScriptObject Repository(RepositorySpec repository) => new()
    {
        ["name"] = Quote(repository.Name),
        ["bucket"] = Quote(repository.S3?.Bucket),
        ["prefix"] = string.IsNullOrEmpty(repository.S3?.Prefix) ? null : Quote(repository.S3.Prefix),
        ["endpoint"] = Quote(repository.S3?.Endpoint),
    };

    private static string? Quote(string? value) => ObjectModel.Quote(value);

    private static string? Number(int? value) => value?.ToString(CultureInfo.InvariantCulture);

    private static string? Note(string? note) => note is null ? null : PlainText.Clean(note).ReplaceLineEndings(" ");
}
