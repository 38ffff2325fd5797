using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.InCluster.Discovery;

/// <summary>Looks for the database: first in what MLflow is told, then in what PostgreSQL's own container is told, then among the Secrets.</summary>
internal sealed class DatabaseFinder(NamespaceContents contents, IReadOnlyList<Workload> databases, Workload? mlflow)
{
    private const string CloudNativePg = "cnpg.io/cluster";

    private static readonly string[] PasswordVariables = ["PGPASSWORD", "POSTGRES_PASSWORD", "POSTGRESQL_PASSWORD", "DB_PASSWORD", "DATABASE_PASSWORD"];
    private static readonly string[] PasswordKeys = ["postgres-password", "POSTGRES_PASSWORD", "password", "postgresql-password", "PGPASSWORD", "DB_PASSWORD"];
    private static readonly string[] UserVariables = ["POSTGRES_USER", "POSTGRESQL_USERNAME", "PGUSER", "DB_USER", "DATABASE_USER"];
    private static readonly string[] DatabaseVariables = ["POSTGRES_DB", "POSTGRESQL_DATABASE", "PGDATABASE", "DB_NAME", "DATABASE_NAME"];

    private readonly ContainerView? client = mlflow?.View.Containers.FirstOrDefault(c => DatabaseAddress.Of(c) is not null) ?? (mlflow?.View.Containers is { Count: > 0 } all ? all[0] : null);

    /// <returns>Null where nothing looks like a database.</returns>
    public DatabaseFound? Find()
    {
        var address = client is null ? null : DatabaseAddress.Of(client);
        var cluster = contents.Services.FirstOrDefault(s => s.Metadata.Label(CloudNativePg) is not null && s.Metadata.Name.EndsWith("-rw", StringComparison.Ordinal));
        var workload = Choose(address);
        if (address is null && cluster is null && workload is null)
        {
            return null;
        }

        var server = workload is null ? null
            : workload.View.Containers.FirstOrDefault(c => ImageNames.IsPostgres(c.Image)) ?? workload.View.Containers.FirstOrDefault(c => c.Variable(DatabaseVariables) is not null);
        var service = Service(workload);
        return new DatabaseFound(
            address is not null && DatabaseAddress.VariableIn(address.Host) is null ? new Finding<string>(address.Host, $"found: {mlflow} uses it")
                : cluster is not null ? new Finding<string>(cluster.Metadata.Name, $"found: the CloudNativePG cluster {cluster.Metadata.Label(CloudNativePg)}")
                : service is not null ? new Finding<string>(service.Metadata.Name, $"found: the Service of {workload}{Rest(workload)}")
                : new Finding<string>(workload?.Name ?? "postgres", "guessed: there is no Service of PostgreSQL"),
            address?.Port ?? service?.Spec?.Ports?.FirstOrDefault(p => p.Port == PlanDefaults.PostgresPort || p.Name is "postgres" or "postgresql" or "tcp-postgresql")?.Port ?? PlanDefaults.PostgresPort,
            Text(address?.Database, server, DatabaseVariables, "mlflow", "the database's name"),
            Text(address?.User, server, UserVariables, "mlflow", "the user's name"),
            Password(address, server, cluster?.Metadata.Label(CloudNativePg)),
            ImageNames.Version(server?.Image));
    }

    private Workload? Choose(DatabaseAddress? address) =>
        databases.FirstOrDefault(d => Service(d)?.Metadata.Name is { } name && address?.Host.Split('.')[0] == name) ?? (databases.Count > 0 ? databases[0] : null);

    private string Rest(Workload? chosen) => databases.Count > 1
        ? $"; there are also {string.Join(", ", databases.Where(d => d != chosen))}: is it the right one?" : "";

    private ServiceView? Service(Workload? workload) => workload is null ? null : contents.Services
        .Where(workload.IsSelectedBy)
        .OrderBy(s => s.Spec?.ClusterIP == "None" ? 1 : 0)
        .ThenBy(s => s.Metadata.Name.Contains("read", StringComparison.Ordinal) || s.Metadata.Name.EndsWith("-ro", StringComparison.Ordinal) ? 1 : 0)
        .FirstOrDefault();

    /// <param name="said">As MLflow's address has it: a text, or a variable.</param>
    private Finding<string> Text(string? said, ContainerView? server, string[] variables, string otherwise, string what)
    {
        if (said is not null && DatabaseAddress.VariableIn(said) is null && !said.Contains('$', StringComparison.Ordinal))
        {
            return new Finding<string>(said, $"found: {mlflow} uses it");
        }

        var reference = DatabaseAddress.VariableIn(said) is { } name ? client?.Variable(name)?.ValueFrom?.SecretKeyRef : null;
        if (reference is null && server?.Variable(variables) is { } variable)
        {
            if (variable.Value is { Length: > 0 } value)
            {
                return new Finding<string>(value, $"found: {variable.Name} of PostgreSQL's container");
            }

            reference = variable.ValueFrom?.SecretKeyRef;
        }

        return reference is null
            ? new Finding<string>(otherwise, $"guessed: {what} is not to be seen")
            : new Finding<string>(
                otherwise,
                $"guessed: {what} is in Secret {reference.Name}; see: kubectl get secret {reference.Name} -o go-template='{{{{index .data \"{reference.Key}\" | base64decode}}}}'");
    }

    private Finding<SecretReference> Password(DatabaseAddress? address, ContainerView? server, string? cluster)
    {
        var named = DatabaseAddress.VariableIn(address?.Password) is { } name ? client?.Variable(name) : null;
        if ((named ?? client?.Variable(PasswordVariables))?.ValueFrom?.SecretKeyRef is { } used)
        {
            return new Finding<SecretReference>(new SecretReference(used.Name, used.Key), $"found: {mlflow} uses it");
        }

        if (cluster is not null)
        {
            return new Finding<SecretReference>(new SecretReference($"{cluster}-app", "password"), "guessed: CloudNativePG's name for it");
        }

        if (server?.Variable(PasswordVariables)?.ValueFrom?.SecretKeyRef is { } own)
        {
            return new Finding<SecretReference>(new SecretReference(own.Name, own.Key), "found: PostgreSQL's container uses it");
        }

        IEnumerable<string> sources = [.. Sources(client), .. Sources(server)];
        foreach (var secret in sources.Concat(contents.SecretKeys.Keys.Where(k => k.Contains("postgres", StringComparison.Ordinal)).Order(StringComparer.Ordinal)))
        {
            if (PasswordKeys.FirstOrDefault(k => contents.SecretKeys.GetValueOrDefault(secret)?.Contains(k) == true) is { } key)
            {
                return new Finding<SecretReference>(new SecretReference(secret, key), "guessed: by the names of the Secret and its key");
            }
        }

        return new Finding<SecretReference>(new SecretReference("postgres", "postgres-password"), "guessed: no Secret looks like it; name the right one");
    }

    private static IEnumerable<string> Sources(ContainerView? container) => container?.EnvFrom?.Select(e => e.SecretRef?.Name).OfType<string>() ?? [];
}
