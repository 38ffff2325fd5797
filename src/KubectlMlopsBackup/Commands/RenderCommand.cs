using System.CommandLine;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Manifests;

namespace KubectlMlopsBackup.Commands;

internal static class RenderCommand
{
    private static readonly Option<string> ShowOnly = new("--show-only")
    {
        Description = "Only this object, such as CronJob/postgres-backup.",
        HelpName = "KIND/NAME",
    };

    public static Command Create() => Verb.Create(
        "render",
        "Print every Kubernetes object that the plan needs, as YAML for kubectl apply. Touches no cluster.",
        [ShowOnly],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        var path = context.PlanPath;
        var source = await PlanLoader.ReadTextAsync(path, cancellationToken);
        var plan = PlanLoader.Parse(source, path, Path.GetDirectoryName(Path.GetFullPath(path))!);
        var manifests = ManifestRenderer.Render(plan, new ManifestOptions(path, source, parsed.GetValue(ClusterFlags.Namespace), ToolVersion.Current));
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
