using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Local;

namespace KubectlMlopsBackup.Diagnostics.Inside;

/// <summary>A place for artifacts, as MLflow's database names it.</summary>
internal sealed class ArtifactPlace(string uri)
{
    /// <summary>These are relative to MLflow's server: where that keeps them, its workload says.</summary>
    private static readonly string[] Relative = ["mlflow-artifacts:", "models:", "runs:"];

    /// <param name="artifacts">Of the plan as this process sees it; null where it has none.</param>
    public bool IsIn(ArtifactsSpec? artifacts)
    {
        if (Array.Exists(Relative, r => uri.StartsWith(r, StringComparison.Ordinal)))
        {
            return true;
        }

        if (S3Address.TryParse(uri, out var bucket, out var prefix))
        {
            return artifacts?.S3 is { } s3 && s3.Bucket == bucket && IsBelow(prefix, s3.Prefix);
        }

        var path = uri.StartsWith("file:", StringComparison.Ordinal) ? "/" + uri["file:".Length..].TrimStart('/') : uri;
        return path.StartsWith('/') && artifacts?.Path is { } root && IsBelow(path, root);
    }

    private static bool IsBelow(string path, string root)
    {
        var (inner, outer) = (path.Trim('/'), root.Trim('/'));
        return outer.Length == 0 || inner == outer || inner.StartsWith(outer + "/", StringComparison.Ordinal);
    }
}
