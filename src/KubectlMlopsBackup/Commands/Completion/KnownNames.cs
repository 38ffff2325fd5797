using System.CommandLine;
using System.CommandLine.Completions;
using KubectlMlopsBackup.Cluster.Access;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.Commands.Completion;

/// <summary>Names of the kubeconfig, of the cluster and of the plan.</summary>
internal static class KnownNames
{
    /// <summary>For the cluster to answer; what it said last time counts when it does not. A person waits for all of it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    public static IEnumerable<CompletionItem> Contexts(CompletionContext context) =>
        ClusterAccess.Config(ClusterFlags.Read(context.ParseResult).Kubeconfig)?.ContextNames.Select(n => new CompletionItem(n)) ?? [];

    public static IEnumerable<CompletionItem> Namespaces(CompletionContext context)
    {
        var options = ClusterFlags.Read(context.ParseResult);
        var list = $"namespaces {ClusterAccess.Find(options).Cluster.Server}";
        var cache = NameCache.Default();
        var names = Ask(options);
        if (names is not null)
        {
            cache.Write(list, names.Select(n => (n, "")));
        }

        return (names ?? cache.Read(list).Select(n => n.Name))
            .Concat(ClusterAccess.Config(options.Kubeconfig)?.Namespaces ?? [])
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(n => new CompletionItem(n));
    }

    /// <summary>Of the plan's file, where there is one.</summary>
    public static IEnumerable<CompletionItem> Repositories(CompletionContext context)
    {
        var path = VerbContext.PathOf(context.ParseResult);
        return File.Exists(path)
            ? PlanLoader.Parse(File.ReadAllText(path), path, Path.GetDirectoryName(Path.GetFullPath(path))!)
                .Spec.Repositories.Select(r => new CompletionItem(r.Name, detail: r.Path ?? $"s3://{r.S3?.Bucket}/{r.S3?.Prefix}"))
            : [];
    }

    /// <returns>Null where the cluster does not answer in time, or does not let this user see them.</returns>
    private static IReadOnlyList<string>? Ask(ClusterOptions options)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            // A credential's own program may not hear the token: the wait ends all the same.
            return Task.Run(() => ListAsync(options, patience.Token), CancellationToken.None).WaitAsync(Patience, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is ClusterException or UserError or OperationCanceledException or TimeoutException or IOException)
        {
            return null;
        }
    }

    private static async Task<IReadOnlyList<string>> ListAsync(ClusterOptions options, CancellationToken cancellationToken)
    {
        using var api = await ClusterApi.ConnectAsync(options, TimeProvider.System, cancellationToken);
        var listed = await api.ListAsync(ApiResource.Namespaces, null, null, null, ClusterJson.Default.ListViewObjectView, cancellationToken);
        return [.. listed.Items.Select(n => n.Metadata.Name)];
    }
}
