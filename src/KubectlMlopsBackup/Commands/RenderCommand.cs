using System.CommandLine;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands;

internal static class RenderCommand
{
    public const string Name = "render";

    private const string DefaultFolder = "mlopsbackup";

    private static readonly Option<string> ShowOnly = new("--show-only")
    {
        Description = "Only this object, such as CronJob/postgres-backup.",
        HelpName = "KIND/NAME",
    };

    private static readonly Option<string> OutputDir = new("--output-dir")
    {
        Description = "With -o kustomize: the folder to write. Default: mlopsbackup, in this folder.",
        HelpName = "DIR",
    };

    public static Command Create() => Verb.Create(
        Name,
        """
        Print every Kubernetes object that the plan needs, as YAML for kubectl apply. Touches no cluster.

        -o kustomize writes them into a folder, a file each, as a base for kustomize, Argo CD or Flux. The same plan makes the same files.
        """,
        [ShowOnly, OutputDir],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        var path = context.PlanPath;
        var source = await PlanLoader.ReadTextAsync(path, cancellationToken);
        var plan = PlanLoader.Parse(source, path, Path.GetDirectoryName(Path.GetFullPath(path))!);
        var manifests = ManifestRenderer.Render(plan, new ManifestOptions(path, source, parsed.GetValue(ClusterFlags.Namespace), ToolVersion.Current));
        var folder = parsed.GetValue(OutputDir);
        if (context.Format == OutputFormat.Kustomize)
        {
            if (parsed.GetValue(ShowOnly) is not null)
            {
                throw new UserError("--show-only and -o kustomize cannot be used together", "leave one of them out", ExitCode.Usage);
            }

            folder ??= DefaultFolder;
            await KustomizeBase.WriteAsync(folder, manifests, cancellationToken);
            await Console.Error.WriteLineAsync($"{manifests.Count} objects written to {folder}; see them with: kubectl kustomize {folder}");
            return ExitCode.Done;
        }

        if (folder is not null)
        {
            throw new UserError("--output-dir is of -o kustomize only", "add -o kustomize, or redirect the output into a file", ExitCode.Usage);
        }

        if (parsed.GetValue(ShowOnly) is { } wanted)
        {
            var known = manifests;
            manifests = [.. known.Where(m => string.Equals($"{m.Kind}/{m.Name}", wanted, StringComparison.OrdinalIgnoreCase))];
            if (manifests.Count == 0)
            {
                throw new UserError(
                    $"--show-only {wanted}: the plan needs no such object",
                    $"there are: {string.Join(", ", known.Select(m => $"{m.Kind}/{m.Name}"))}",
                    ExitCode.Usage);
            }
        }

        Console.Out.Write(ManifestRenderer.Documents(manifests));
        return ExitCode.Done;
    }
}
