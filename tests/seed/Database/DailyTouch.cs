using KubectlMlopsBackup.Seed.Model;
using Npgsql;

namespace KubectlMlopsBackup.Seed.Database;

/// <summary>What a day changes in rows that were there before: tags of one run in a hundred, aliases, one deletion.</summary>
internal static class DailyTouch
{
    public static async Task ApplyAsync(NpgsqlConnection connection, Catalog catalog, CancellationToken cancellation)
    {
        var before = catalog.Today.Runs.Start;
        var touched = Enumerable.Range(0, before).Where(r => r % 100 == catalog.Today.Number % 100).Select(catalog.RunId).ToArray();
        var deleted = catalog.RunId(Mix.Below(Mix.Of(catalog.Seed, 'X', catalog.Today.Number), before));
        var now = Catalog.RunEnd(catalog.Today.Runs.End - 1);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Command("UPDATE tags SET value = value || '+' WHERE key = 'team' AND run_uuid = ANY($1)", [touched]),
                Command("INSERT INTO tags (key, value, run_uuid) SELECT 'reviewed.' || $2, 'yes', unnest($1)", [touched, Catalog.Invariant($"{catalog.Today.Number}")]),
                Command("UPDATE runs SET lifecycle_stage = 'deleted', deleted_time = $2 WHERE run_uuid = $1", [deleted, now]),
                Command("UPDATE experiments SET last_update_time = $1", [now]),
                Command("UPDATE registered_models r SET last_updated_time = $1 WHERE EXISTS (SELECT FROM model_versions v WHERE v.name = r.name AND v.creation_time >= $2)", [now, Catalog.RunStart(before)]),
            },
        };
        if (catalog.Options.Generation >= 2)
        {
            batch.BatchCommands.Add(Command(
                "UPDATE registered_model_aliases a SET version = (SELECT max(version) FROM model_versions v WHERE v.name = a.name)", []));
        }

        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlBatchCommand Command(string sql, object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
