using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Mlflow.Consistency;
using KubectlMlopsBackup.Sources.Postgres;
using Npgsql;

namespace KubectlMlopsBackup.Diagnostics.Inside;

/// <summary>Whether the places that MLflow's experiments name for their artifacts are those that the plan backs up.</summary>
internal sealed class ArtifactRootsCheck(LocalPlan plan) : Check
{
    private const string TableSql = """
        SELECT quote_ident(n.nspname) || '.experiments' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'artifact_location'
        WHERE c.relname = 'experiments' AND c.relkind = 'r' ORDER BY n.nspname = 'public' DESC, 1 LIMIT 1
        """;

    public override string Id => "artifact-roots";

    public override async Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        List<string> places;
        try
        {
            var settings = plan.Postgres() with { LockTimeout = DatabaseCheck.Patience };
            await using var connection = await PostgresConnections.OpenAsync(settings, settings.Database, cancellationToken);
            if (await connection.ScalarAsync<string>(TableSql, cancellationToken) is not { } table)
            {
                found.Ok($"database {settings.Database} has no experiments of MLflow yet");
                return;
            }

            places = await connection.ListAsync(
                $"SELECT DISTINCT artifact_location::text FROM {table} WHERE artifact_location IS NOT NULL AND coalesce(to_jsonb(experiments)->>'lifecycle_stage', '') <> 'deleted' ORDER BY 1 LIMIT 10000",
                r => r.GetString(0), cancellationToken);
        }
        catch (Exception e) when (e is UserError or NpgsqlException)
        {
            found.Skip("the database could not be asked: see its own check");
            return;
        }

        var others = plan.Spec.Artifacts is { Uris: { Count: > 0 } uris } ? ArtifactRoots.Of(uris[0], uris) : null;
        var outside = places.Where(p => !new Inside.ArtifactPlace(p).IsIn(plan.Spec.Artifacts)
            && others?.Locate(p, out _) != Mlflow.Consistency.ArtifactPlace.Inside).ToList();
        if (outside.Count > 0)
        {
            found.Problem(
                Faults.ArtifactsOutside, $"{outside.Count} of {places.Count} experiments' places are not in the plan, such as {outside[0]}",
                "set spec.artifacts in the plan to the place above them all, or say in spec.artifacts.uris what else it is called; what lies elsewhere needs a plan of its own");
        }

        found.OkUnlessFault($"all {places.Count} places of experiments are in the plan");
    }
}
