using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.InCluster.Discovery;

/// <summary>Looks for where MLflow keeps its artifacts: a bucket, or a folder on a claim.</summary>
internal sealed class ArtifactsFinder(NamespaceContents contents, Workload? mlflow)
{
    private static readonly string[] Flags = ["--artifacts-destination", "--default-artifact-root"];
    private static readonly string[] Variables = ["MLFLOW_ARTIFACTS_DESTINATION", "MLFLOW_DEFAULT_ARTIFACT_ROOT", "MLFLOW_ARTIFACT_ROOT", "ARTIFACT_ROOT"];

    /// <returns>Null where nothing looks like artifacts.</returns>
    public ArtifactsFound? Find()
    {
        foreach (var container in mlflow?.View.Containers ?? [])
        {
            foreach (var place in Places(container))
            {
                if (place.StartsWith("s3://", StringComparison.Ordinal))
                {
                    return Bucket(container, place);
                }

                if (Folder(container, place) is { } folder)
                {
                    return folder;
                }
            }
        }

        return Claim();
    }

    private static IEnumerable<string> Places(ContainerView container)
    {
        foreach (var flag in Flags)
        {
            if (DatabaseAddress.Flag(container.CommandLine, flag) is { } value)
            {
                yield return DatabaseAddress.Expand(value, container);
            }
        }

        foreach (var name in Variables)
        {
            if (container.Variable(name)?.Value is { } value)
            {
                yield return DatabaseAddress.Expand(value, container);
            }
        }
    }

    private ArtifactsFound Bucket(ContainerView container, string place)
    {
        var parts = place["s3://".Length..].Split('/', 2);
        var id = container.Variable("AWS_ACCESS_KEY_ID")?.ValueFrom?.SecretKeyRef;
        var key = container.Variable("AWS_SECRET_ACCESS_KEY")?.ValueFrom?.SecretKeyRef;
        return new ArtifactsFound
        {
            Note = $"found: {mlflow} keeps its artifacts there",
            Bucket = parts[0],
            Prefix = parts.Length > 1 ? parts[1].Trim('/') : "",
            Endpoint = container.Variable("MLFLOW_S3_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")?.Value,
            Credentials = id is not null && key is not null && id.Name == key.Name ? (id.Name, id.Key, key.Key) : null,
        };
    }

    private ArtifactsFound? Folder(ContainerView container, string place)
    {
        var path = (place.StartsWith("file://", StringComparison.Ordinal) ? place["file://".Length..] : place).TrimEnd('/');
        if (!path.StartsWith('/'))
        {
            return null;
        }

        var mount = container.VolumeMounts?
            .Where(m => path == m.MountPath.TrimEnd('/') || path.StartsWith(m.MountPath.TrimEnd('/') + "/", StringComparison.Ordinal))
            .MaxBy(m => m.MountPath.Length);
        if (mount is null || mlflow!.View.Volumes.FirstOrDefault(v => v.Name == mount.Name)?.PersistentVolumeClaim?.ClaimName is not { } claim)
        {
            return null;
        }

        var below = string.Join('/', new[] { mount.SubPath?.Trim('/'), path[mount.MountPath.TrimEnd('/').Length..].Trim('/') }.Where(p => !string.IsNullOrEmpty(p)));
        return new ArtifactsFound
        {
            Note = $"found: {mlflow} keeps its artifacts in {path}",
            ClaimName = claim,
            SubPath = below.Length == 0 ? null : below,
            MountPath = path == PlanDefaults.MountPath ? null : path,
        };
    }

    private ArtifactsFound? Claim()
    {
        var mounted = contents.Claims.Where(c => mlflow?.Mounts(c.Metadata.Name) == true).ToList();
        var claim = mounted.Find(c => c.Metadata.Name.Contains("artifact", StringComparison.Ordinal)) ?? (mounted.Count == 1 ? mounted[0] : null)
            ?? contents.Claims.FirstOrDefault(c => c.Metadata.Name.Contains("artifact", StringComparison.Ordinal));
        return claim is null ? null : new ArtifactsFound { Note = "guessed: by the claim's name", ClaimName = claim.Metadata.Name };
    }
}
