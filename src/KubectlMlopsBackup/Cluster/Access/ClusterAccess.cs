using KubectlMlopsBackup.Cluster.Api;

namespace KubectlMlopsBackup.Cluster.Access;

/// <summary>Which cluster, which namespace, and as whom: what is left once flags, environment and kubeconfig are read.</summary>
internal sealed class ClusterAccess
{
    private const string AccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    private ClusterAccess(string? context, string ns, ClusterEntry cluster, UserEntry user)
    {
        Context = context;
        Namespace = ns;
        Cluster = cluster;
        User = user;
    }

    /// <summary>Whether this process runs in a pod that has an account at the API server.</summary>
    public static bool IsPod => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST")) && File.Exists(Path.Combine(AccountFolder, "token"));

    /// <summary>For messages; null in a pod.</summary>
    public string? Context { get; }

    public string Namespace { get; }

    public ClusterEntry Cluster { get; }

    public UserEntry User { get; }

    /// <exception cref="UserError">There is no kubeconfig, or it does not say enough.</exception>
    public static ClusterAccess Find(ClusterOptions options)
    {
        if (Config(options.Kubeconfig) is { } config)
        {
            var (context, cluster, user) = config.Resolve(options.Context);
            return new ClusterAccess(options.Context ?? config.CurrentContext, options.Namespace ?? context.Namespace ?? "default", cluster, user);
        }

        return InCluster(options) ?? throw new UserError(
            "no cluster is named: there is no kubeconfig",
            "set KUBECONFIG, give --kubeconfig FILE, or work without a cluster: --local",
            ExitCode.Usage);
    }

    /// <returns>Null where there is none.</returns>
    /// <exception cref="UserError">It cannot be read, or is no kubeconfig.</exception>
    public static KubeConfig? Config(string? given) => Files(given) is { } files ? KubeConfig.Load(files) : null;

    private static string[]? Files(string? given)
    {
        if (given is not null)
        {
            return [given];
        }

        if (Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } list)
        {
            return list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        }

        var home = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");
        return File.Exists(home) ? [home] : null;
    }

    /// <summary>A pod's own account. Source: kubernetes.io/docs/tasks/run-application/access-api-from-pod.</summary>
    private static ClusterAccess? InCluster(ClusterOptions options)
    {
        var host = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST");
        var port = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT");
        var token = Path.Combine(AccountFolder, "token");
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port) || !File.Exists(token))
        {
            return null;
        }

        var ns = Path.Combine(AccountFolder, "namespace");
        var server = host.Contains(':', StringComparison.Ordinal) ? $"https://[{host}]:{port}" : $"https://{host}:{port}";
        return new ClusterAccess(
            null,
            options.Namespace ?? (File.Exists(ns) ? File.ReadAllText(ns).Trim() : "default"),
            new ClusterEntry(server, Path.Combine(AccountFolder, "ca.crt"), null, false, null, null),
            new UserEntry { TokenFile = token });
    }
}
