using System.CommandLine;

namespace KubectlMlopsBackup.Commands;

/// <summary><c>init</c> with a cluster: a plan of what a namespace has, or the repositories of the installed one.</summary>
internal static class InitInCluster
{
    public static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, bool repositories, CancellationToken cancellationToken)
    {
        using var api = await context.ClusterAsync(cancellationToken);
        if (repositories)
        {
            return await InstallCommand.MakeRepositoriesAsync(parsed, context, api, cancellationToken);
        }

        context.RequireLocal("init");
        return ExitCode.Done;
    }
}
