namespace KubectlMlopsBackup.Cluster.Access;

/// <summary>
/// One or more kubeconfig files, merged by kubectl's rule: the first file that names something wins.
/// Source: kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig.
/// </summary>
internal sealed class KubeConfig
{
    private readonly Dictionary<string, ClusterEntry> clusters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ContextEntry> contexts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, UserEntry> users = new(StringComparer.Ordinal);

    public string? CurrentContext { get; private set; }

    public IEnumerable<string> ContextNames => contexts.Keys.Order(StringComparer.Ordinal);

    /// <summary>Those that contexts name.</summary>
    public IEnumerable<string> Namespaces => contexts.Values.Select(c => c.Namespace).OfType<string>();

    /// <param name="files">Of a list, those that do not exist are passed over; one alone must.</param>
    /// <exception cref="UserError">A file cannot be read, or is no kubeconfig.</exception>
    public static KubeConfig Load(IReadOnlyList<string> files)
    {
        var config = new KubeConfig();
        foreach (var file in files)
        {
            if (files.Count > 1 && !File.Exists(file))
            {
                continue;
            }

            KubeConfigFile.Read(file, config);
        }

        return config;
    }

    public void AddCurrent(string? name) => CurrentContext ??= string.IsNullOrEmpty(name) ? null : name;

    public void Add(string name, ClusterEntry cluster) => clusters.TryAdd(name, cluster);

    public void Add(string name, ContextEntry context) => contexts.TryAdd(name, context);

    public void Add(string name, UserEntry user) => users.TryAdd(name, user);

    /// <param name="context">Null for the current one.</param>
    /// <exception cref="UserError">It, or what it names, is not there.</exception>
    public (ContextEntry Context, ClusterEntry Cluster, UserEntry User) Resolve(string? context)
    {
        var name = context ?? CurrentContext ?? throw new UserError(
            "the kubeconfig has no current context", "name one with --context, or choose one with: kubectl config use-context NAME", ExitCode.Usage);
        if (!contexts.TryGetValue(name, out var found))
        {
            throw new UserError($"the kubeconfig has no context {name}", $"it has: {string.Join(", ", ContextNames)}", ExitCode.Usage);
        }

        var cluster = found.Cluster is { } c ? clusters.GetValueOrDefault(c) : null;
        if (cluster?.Server is null)
        {
            throw new UserError(
                $"context {name} of the kubeconfig names the cluster {found.Cluster}, which is not there or has no server", "see: kubectl config view", ExitCode.Usage);
        }

        if (found.User is { Length: > 0 } user && !users.ContainsKey(user))
        {
            throw new UserError($"context {name} of the kubeconfig names the user {user}, which is not there", "see: kubectl config view", ExitCode.Usage);
        }

        return (found, cluster, users.GetValueOrDefault(found.User ?? "") ?? new UserEntry());
    }
}
