namespace KubectlMlopsBackup.Configuration;

internal static class VolumeRules
{
    /// <summary>What the agent's container has there itself.</summary>
    private static readonly string[] Taken = ["/bin", "/dev", "/etc", "/lib", "/proc", "/run", "/sbin", "/sys", "/tmp", "/usr", "/var/lib/mlopsbackup", "/var/run"];

    /// <summary>Null passes: the field was left out.</summary>
    public static void Check(string path, RepositoryVolumeSpec? volume, PlanProblems problems)
    {
        if (volume is null)
        {
            return;
        }

        KubernetesText.CheckName($"{path}.claimName", volume.ClaimName, problems);
        KubernetesText.CheckQuantity($"{path}.size", volume.Size, problems);
        PlanText.CheckOneOf($"{path}.accessMode", volume.AccessMode, problems, PlanDefaults.AccessMode, RepositoryVolumeSpec.ManyNodes);
        if (volume.StorageClassName is { } storageClass)
        {
            KubernetesText.CheckName($"{path}.storageClassName", storageClass, problems);
        }
    }

    /// <summary>Null passes: the field was left out.</summary>
    public static void Check(string path, ArtifactsVolumeSpec? volume, PlanProblems problems)
    {
        if (volume is null)
        {
            return;
        }

        KubernetesText.CheckName($"{path}.claimName", volume.ClaimName, problems);
        if (volume.SubPath is { } subPath
            && (subPath.Any(char.IsControl) || subPath.TrimEnd('/').Split('/').Any(p => p is "" or "." or "..")))
        {
            problems.Add($"{path}.subPath", subPath, "a path in the volume such as mlflow/artifacts: no leading slash, no \"..\"");
        }

        var mountPath = volume.MountPath;
        if (!mountPath.StartsWith('/')
            || mountPath.Any(c => char.IsControl(c) || c == ':')
            || mountPath.Split('/').Skip(1).Any(p => p is "" or "." or ".."))
        {
            problems.Add($"{path}.mountPath", mountPath, "an absolute path without \"..\" and \":\", such as /mlflow/artifacts");
        }
        else if (Array.Exists(Taken, t => mountPath == t || mountPath.StartsWith(t + "/", StringComparison.Ordinal)))
        {
            problems.Add($"{path}.mountPath", mountPath, "a folder that is not the agent's own, such as /mlflow/artifacts");
        }
    }
}
