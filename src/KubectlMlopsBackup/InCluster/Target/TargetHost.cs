using System.Net;

namespace KubectlMlopsBackup.InCluster.Target;

/// <summary>Where the database of a platform is when the platform is in another namespace.</summary>
internal static class TargetHost
{
    /// <summary>
    /// The same Service, in the target namespace, and written so that it cannot be another's: with its namespace in the name, no search
    /// domain of the cluster or of a node is asked for it.
    /// </summary>
    /// <param name="host">As the plan has it.</param>
    /// <param name="source">The namespace that the plan is installed in.</param>
    /// <param name="bare">The name alone is wanted, since a certificate is compared with it.</param>
    /// <exception cref="UserError">It is no Service of the source namespace: the target would write into a database that is not its own.</exception>
    public static string Of(string host, string source, string target, bool bare)
    {
        var service = Service(host, source) ?? throw new UserError(
            $"spec.postgres.host is {host}, which is no Service of namespace {source}: restored into namespace {target}, the plan would still point at that database",
            "a database outside of the namespace is restored where it is (without --to-namespace), or beside itself with restore postgres --to-database NAME",
            ExitCode.Usage);
        return bare ? service : $"{service}.{target}.svc";
    }

    /// <returns>Null where it is something else than a Service of that namespace.</returns>
    public static string? Service(string host, string ns)
    {
        if (IPAddress.TryParse(host, out _))
        {
            return null;
        }

        var parts = host.TrimEnd('.').Split('.');
        var named = parts.Length == 1
            || (parts[1] == ns && (parts.Length == 2 || parts[2] == "svc"));
        return named && parts[0].Length > 0 ? parts[0] : null;
    }
}
