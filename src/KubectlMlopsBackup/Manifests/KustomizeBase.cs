using System.Text;

namespace KubectlMlopsBackup.Manifests;

/// <summary>
/// The objects as a folder for kustomize, and so for Argo CD and Flux: a file an object, and kustomization.yaml. The same plan makes the same bytes.
/// </summary>
internal static class KustomizeBase
{
    public const string Index = "kustomization.yaml";

    /// <summary>By its first line a folder is known as one that may be written over.</summary>
    private const string Mark = "# Made by: kubectl mlopsbackup render -o kustomize. Change the plan and run it again, or patch it from an overlay.";

    /// <summary>GitOps removes what is gone from a repository; the volume with the backups must outlive every mistake there.</summary>
    private const string KeepVolumes =
        """
        patches:
          - target:
              kind: PersistentVolumeClaim
            patch: |
              apiVersion: v1
              kind: PersistentVolumeClaim
              metadata:
                name: any
                annotations:
                  argocd.argoproj.io/sync-options: Prune=false,Delete=false
                  kustomize.toolkit.fluxcd.io/prune: disabled

        """;

    /// <returns>Names of the files, and their texts; the index is the last.</returns>
    public static IReadOnlyList<(string Name, string Text)> Files(IReadOnlyList<Manifest> manifests)
    {
        var files = manifests.Select(m => (Name: $"{m.Kind.ToLowerInvariant()}-{m.Name}.yaml", Text: m.Yaml)).ToList();
        var index = new StringBuilder($"{Mark}\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n");
        foreach (var (name, _) in files)
        {
            index.Append($"  - {name}\n");
        }

        if (manifests.Any(m => m.Kind == "PersistentVolumeClaim"))
        {
            index.Append(KeepVolumes);
        }

        files.Add((Index, index.ToString()));
        return files;
    }

    /// <summary>Writes the files, and takes away those that an earlier run has made and this one has not.</summary>
    /// <exception cref="UserError">The folder holds another kustomization, or cannot be written.</exception>
    public static async Task WriteAsync(string folder, IReadOnlyList<Manifest> manifests, CancellationToken cancellationToken)
    {
        var files = Files(manifests);
        var index = Path.Combine(folder, Index);
        try
        {
            string[] earlier = File.Exists(index) ? await File.ReadAllLinesAsync(index, cancellationToken) : [Mark];
            if (earlier.Length == 0 || earlier[0] != Mark)
            {
                throw new UserError($"{index} is there already, and is not of this tool", "choose another folder with --output-dir", ExitCode.Usage);
            }

            Directory.CreateDirectory(folder);
            foreach (var (name, text) in files)
            {
                await File.WriteAllTextAsync(Path.Combine(folder, name), text, cancellationToken);
            }

            foreach (var stale in Listed(earlier).Except(files.Select(f => f.Name)))
            {
                File.Delete(Path.Combine(folder, stale));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{folder} cannot be written: {e.Message}", "choose another folder with --output-dir", inner: e);
        }
    }

    /// <summary>Names only: an index that was changed by hand cannot name files elsewhere.</summary>
    private static IEnumerable<string> Listed(IEnumerable<string> index) => index
        .Where(l => l.StartsWith("  - ", StringComparison.Ordinal) && l.EndsWith(".yaml", StringComparison.Ordinal))
        .Select(l => l[4..])
        .Where(n => n == Path.GetFileName(n) && n != Index);
}
