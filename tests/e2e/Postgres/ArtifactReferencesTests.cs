using KubectlMlopsBackup.EndToEndTests.Fixtures;
using KubectlMlopsBackup.Mlflow;
using KubectlMlopsBackup.Sources.Postgres;

namespace KubectlMlopsBackup.EndToEndTests.Postgres;

[Collection(PostgresTests.Name)]
public sealed class ArtifactReferencesTests(PostgresServer server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_uri_of_an_mlflow_3_database_is_listed()
    {
        var lines = await ReadAsync("mlflow3", """
            CREATE TABLE experiments (experiment_id int PRIMARY KEY, artifact_location varchar(256), lifecycle_stage varchar(32));
            INSERT INTO experiments VALUES (0, 'mlflow-artifacts:/0', 'active'), (1, 's3://b/1', 'deleted'), (2, NULL, 'active');
            CREATE TABLE runs (run_uuid varchar(32) PRIMARY KEY, artifact_uri varchar(200), lifecycle_stage varchar(20));
            INSERT INTO runs VALUES ('r1', 'mlflow-artifacts:/0/r1/artifacts', 'active'), ('r2', E'file:///tab\there', 'deleted'), ('r3', '', 'active');
            CREATE TABLE model_versions (name varchar(256), version int, source varchar(500), storage_location varchar(500), current_stage varchar(20));
            INSERT INTO model_versions VALUES ('m/x', 1, 'models:/m-1', 's3://b/m', 'None'), ('m/x', 2, 'runs:/r1/model', NULL, 'Deleted_Internal'), ('m/x', 3, 'x:/y', NULL, NULL);
            CREATE TABLE logged_models (model_id varchar(36) PRIMARY KEY, artifact_location varchar(1000), lifecycle_stage varchar(32));
            INSERT INTO logged_models VALUES ('m-1', 'mlflow-artifacts:/0/models/m-1/artifacts', 'active');
            CREATE TABLE trace_tags (key varchar(250), value varchar(8000), request_id varchar(50));
            INSERT INTO trace_tags VALUES ('mlflow.artifactLocation', 'mlflow-artifacts:/0/traces/t1', 't1'), ('other', 'not a uri', 't1');
            CREATE TABLE datasets (dataset_uuid varchar(36), dataset_source text);
            INSERT INTO datasets VALUES ('d1', '{"uri": "s3://data/d1"}'), ('d2', '{"tags": {}}'), ('d3', 'hdfs://plain'), ('d4', 'nonsense'), ('d5', '[1]');
            CREATE TABLE workspaces (name varchar(63) PRIMARY KEY, description text, default_artifact_root text);
            INSERT INTO workspaces VALUES ('team', 'a uri:/ that is none', 's3://team/root')
            """);
        Assert.Equal(
            [
                "dataset\td1\tactive\tdatasets.dataset_source\ts3://data/d1",
                "dataset\td3\tactive\tdatasets.dataset_source\thdfs://plain",
                "experiment\t0\tactive\texperiments.artifact_location\tmlflow-artifacts:/0",
                "experiment\t1\tdeleted\texperiments.artifact_location\ts3://b/1",
                "logged_model\tm-1\tactive\tlogged_models.artifact_location\tmlflow-artifacts:/0/models/m-1/artifacts",
                "model_version\tm/x/1\tactive\tmodel_versions.source\tmodels:/m-1",
                "model_version\tm/x/2\tdeleted\tmodel_versions.source\truns:/r1/model",
                "model_version\tm/x/3\tactive\tmodel_versions.source\tx:/y",
                "model_version\tm/x/1\tactive\tmodel_versions.storage_location\ts3://b/m",
                "run\tr1\tactive\truns.artifact_uri\tmlflow-artifacts:/0/r1/artifacts",
                "run\tr2\tdeleted\truns.artifact_uri\tfile:///tab\\there",
                "trace\tt1\tactive\ttrace_tags.value\tmlflow-artifacts:/0/traces/t1",
                "workspace\tteam\tactive\tworkspaces.default_artifact_root\ts3://team/root",
            ],
            lines);
    }

    [Fact]
    public async Task An_mlflow_1_database_in_another_schema_has_fewer_tables_and_columns()
    {
        var lines = await ReadAsync("mlflow1", """
            CREATE SCHEMA "Track"; SET search_path = "Track";
            CREATE TABLE experiments (experiment_id int PRIMARY KEY, artifact_location varchar(256));
            INSERT INTO experiments VALUES (0, './mlruns/0');
            CREATE TABLE runs (run_uuid varchar(32) PRIMARY KEY, artifact_uri varchar(200), lifecycle_stage varchar(20));
            INSERT INTO runs VALUES ('r1', './mlruns/0/r1/artifacts', NULL);
            CREATE TABLE model_versions (name varchar(256), version int, source varchar(500))
            """);
        Assert.Equal(
            ["experiment\t0\tactive\texperiments.artifact_location\t./mlruns/0", "run\tr1\tactive\truns.artifact_uri\t./mlruns/0/r1/artifacts"],
            lines);
    }

    [Fact]
    public async Task A_database_without_mlflow_has_none() =>
        Assert.Empty(await ReadAsync("nomlflow", "CREATE TABLE runs (a int); CREATE TABLE datasets (dataset_uuid text, dataset_source text)"));

    private async Task<List<string>> ReadAsync(string name, string sql)
    {
        await server.SqlAsync("postgres", $"CREATE DATABASE {name}");
        await server.SqlAsync(name, "SET search_path = public; " + sql);
        using var snapshot = new FolderSnapshot();
        var facts = await PostgresBackup.RunAsync(server.Settings(name), snapshot, null, TimeProvider.System, Token);
        await using var file = await snapshot.OpenAsync(PostgresFiles.ArtifactUris, Token);
        var read = new List<string>();
        await foreach (var reference in ArtifactReferences.ReadAsync(file, Token))
        {
            read.Add(reference.ToLine());
        }

        Assert.Equal(facts.ArtifactUris, read.Count);
        Assert.Equal(await File.ReadAllLinesAsync(snapshot.PathOf(PostgresFiles.ArtifactUris), Token), read);
        return read;
    }
}
