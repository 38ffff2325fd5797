using System.CommandLine;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.S3Admin;

namespace KubectlMlopsBackup.Commands;

/// <summary>What is done to and asked of buckets, from here, with the user's own rights.</summary>
internal static class S3Command
{
    public static readonly Option<string> Repository = new("--repository")
    {
        Description = "Name of one of the plan's repositories in S3. Default: all of them.",
        HelpName = "NAME",
    };

    public static Command Create()
    {
        var command = new Command(
            "s3", "The plan's buckets: set them up, check them, grant the least rights. Runs here, with your own AWS credentials; no cluster is changed.");
        command.Subcommands.Add(S3SetupCommand.Create());
        command.Subcommands.Add(S3CheckCommand.Create());
        command.Subcommands.Add(S3PolicyCommand.Create());
        return command;
    }

    /// <exception cref="UserError">The plan has none, or no such one.</exception>
    public static IReadOnlyList<RepositorySpec> Chosen(LocalPlan plan, string? only)
    {
        var chosen = plan.Chosen(only).Where(r => r.S3 is not null).ToList();
        return chosen.Count > 0 ? chosen : throw new UserError(
            only is null ? "the plan has no repository in S3" : $"repository {only} does not lie in S3",
            "add one with s3: {bucket: …} to spec.repositories",
            ExitCode.Usage);
    }

    /// <exception cref="UserError">A credential that the plan names is not there.</exception>
    public static async Task<T> WithBucketAsync<T>(LocalPlan plan, RepositorySpec repository, Func<BucketClient, Task<T>> run)
    {
        var settings = plan.BucketSettings(repository);
        using var connection = new S3Connection(settings, plan.Clock);
        // Where the plan leaves it to the environment, it is known now.
        var region = settings.Region ?? (settings.Endpoint is null ? connection.Client.Config.RegionEndpoint?.SystemName : null);
        return await run(new BucketClient(connection, BucketWish.Of(repository, settings with { Region = region })));
    }
}
