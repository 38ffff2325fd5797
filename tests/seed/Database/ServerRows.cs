using KubectlMlopsBackup.Seed.Model;

namespace KubectlMlopsBackup.Seed.Database;

/// <summary>A little of all that an MLflow 3 server keeps besides runs and models, so that no table is empty.</summary>
internal static class ServerRows
{
    private const long Now = Catalog.Epoch;

    public static IEnumerable<TableRows> Of(Catalog catalog)
    {
        if (catalog.Today.Number > 0)
        {
            yield break;
        }

        string Id(int index) => Mix.Uuid(catalog.Seed, 'W', index);
        string Short(string prefix, int index) => prefix + Mix.Hex(catalog.Seed, 'Q', index);

        yield return One("evaluation_datasets",
            ["dataset_id", "name", "schema", "profile", "digest", "created_time", "last_update_time", "created_by", "last_updated_by"],
            Short("d-", 0), "golden-questions", """{"inputs": {"question": "string"}}""", """{"num_records": 20}""", Short("", 1)[..8], Now, Now, "ana", "ana");
        yield return One("evaluation_dataset_tags", ["dataset_id", "key", "value"], Short("d-", 0), "stage", "golden");
        yield return new TableRows(
            "evaluation_dataset_records",
            ["dataset_record_id", "dataset_id", "inputs", "expectations", "tags", "created_time", "last_update_time", "input_hash"],
            Enumerable.Range(0, 20).Select(i => (object?[])
            [
                Short("r-", 10 + i), Short("d-", 0), Catalog.Invariant($$"""{"question": "Will customer {{i}} leave?"}"""), """{"answer":  "no"}""", null,
                Now, Now, Mix.Hex(catalog.Seed, 'H', i) + Mix.Hex(catalog.Seed, 'H', i + 100),
            ]));
        yield return One("entity_associations",
            ["association_id", "source_type", "source_id", "destination_type", "destination_id", "created_time"],
            Short("a-", 2), "evaluation_dataset", Short("d-", 0), "experiment", "0", Now);
        yield return One("scorers", ["experiment_id", "scorer_name", "scorer_id"], 0, "correctness", Id(0));
        yield return One("scorer_versions", ["scorer_id", "scorer_version", "serialized_scorer", "creation_time"], Id(0), 1, """{"name": "correctness"}""", Now);
        yield return One("webhooks",
            ["webhook_id", "name", "description", "url", "status", "secret", "creation_timestamp", "last_updated_timestamp"],
            Id(1), "deploy", "Deploys what is promoted.", "https://ci.example.com/hooks/mlflow", "ACTIVE", "gAAAAAB-not-a-real-secret", Now, Now);
        yield return new TableRows("webhook_events", ["webhook_id", "entity", "action"],
            [[Id(1), "model_version", "created"], [Id(1), "model_version_alias", "created"]]);
        yield return One("jobs",
            ["id", "creation_time", "job_name", "params", "timeout", "status", "result", "retry_count", "last_update_time"],
            Id(2), Now, "run_scorer", "{}", 60.0, 2, "null", 0, Now);
        yield return One("secrets",
            [
                "secret_id", "secret_name", "encrypted_value", "wrapped_dek", "kek_version", "masked_value", "provider", "created_by", "created_at",
                "last_updated_by", "last_updated_at",
            ],
            Short("s-", 3), "llm-key", Bytes(catalog, 1, 60), Bytes(catalog, 2, 60), 1, """{"api_key": "sk-...abcd"}""", "openai", "ana", Now, "ana", Now);
        yield return One("endpoints",
            ["endpoint_id", "name", "created_by", "created_at", "last_updated_by", "last_updated_at"], Short("e-", 4), "chat", "ana", Now, "ana", Now);
        yield return One("endpoint_tags", ["key", "value", "endpoint_id"], "team", "owls", Short("e-", 4));
        yield return One("endpoint_bindings",
            ["endpoint_id", "resource_type", "resource_id", "created_at", "created_by", "last_updated_at", "last_updated_by"],
            Short("e-", 4), "scorer_job", Id(2), Now, "ana", Now, "ana");
        yield return One("model_definitions",
            [
                "model_definition_id", "name", "secret_id", "provider", "model_name", "created_by", "created_at", "last_updated_by", "last_updated_at",
            ],
            Short("d-", 5), "chat-model", Short("s-", 3), "openai", "gpt-4o", "ana", Now, "ana", Now);
        yield return One("endpoint_model_mappings",
            ["mapping_id", "endpoint_id", "model_definition_id", "weight", "created_by", "created_at"],
            Short("m-", 6), Short("e-", 4), Short("d-", 5), 1.0, "ana", Now);
    }

    private static TableRows One(string table, string[] columns, params object?[] row) => new(table, columns, [row]);

    private static byte[] Bytes(Catalog catalog, long index, int length)
    {
        var bytes = new byte[length];
        new Xoshiro(Mix.Of(catalog.Seed, 'B', index)).Fill(bytes);
        return bytes;
    }
}
