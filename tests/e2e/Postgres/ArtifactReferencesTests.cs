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
            INSERT INTO workspaces VALUES ('team', 'a uri:/ that is none', 's3://team/root');
            CREATE TABLE tags (key varchar(250), value varchar(8000), run_uuid varchar(32));
            INSERT INTO tags VALUES ('mlflow.log-model.history', '[{"artifact_path": "model"}]', 'r1'), ('mlflow.loggedArtifacts', '[{"path": "t.json"}]', 'r2'),
              ('mlflow.log-model.history', '[{"artifact_path": "model"}]', 'r3'), ('mlflow.log-model.history', 'no json', 'r1'), ('other', '[{"path": "x"}]', 'r1')
            """);
        Assert.Equal(
            [
                "dataset\td1\tactive\tdatasets.dataset_source\ts3://data/d1\t\t-\t",
                "dataset\td3\tactive\tdatasets.dataset_source\thdfs://plain\t\t-\t",
                "experiment\t0\tactive\texperiments.artifact_location\tmlflow-artifacts:/0\t0\t-\t",
                "experiment\t1\tdeleted\texperiments.artifact_location\ts3://b/1\t1\t-\t",
                "logged_model\tm-1\tactive\tlogged_models.artifact_location\tmlflow-artifacts:/0/models/m-1/artifacts\t\tmodel\t",
                "model_version\tm/x/1\tactive\tmodel_versions.source\tmodels:/m-1\t\t-\tmlflow-artifacts:/0/models/m-1/artifacts",
                "model_version\tm/x/2\tdeleted\tmodel_versions.source\truns:/r1/model\t\tfiles\tmlflow-artifacts:/0/r1/artifacts/model",
                "model_version\tm/x/3\tactive\tmodel_versions.source\tx:/y\t\tfiles\t",
                "model_version\tm/x/1\tactive\tmodel_versions.storage_location\ts3://b/m\t\tfiles\t",
                "run\tr1\tactive\truns.artifact_uri\tmlflow-artifacts:/0/r1/artifacts\t\t-\t",
                "run\tr2\tdeleted\truns.artifact_uri\tfile:///tab\\there\t\t-\t",
                "run\tr1\tactive\ttags.mlflow.log-model.history\truns:/r1/model\t\tmodel\tmlflow-artifacts:/0/r1/artifacts/model",
                "run\tr2\tdeleted\ttags.mlflow.loggedArtifacts\truns:/r2/t.json\t\tfiles\tfile:///tab\\there/t.json",
                "trace\tt1\tactive\ttrace_tags.value\tmlflow-artifacts:/0/traces/t1\t\ttrace\t",
                "workspace\tteam\tactive\tworkspaces.default_artifact_root\ts3://team/root\t\t-\t",
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
            ["experiment\t0\tactive\texperiments.artifact_location\t./mlruns/0\t0\t-\t", "run\tr1\tactive\truns.artifact_uri\t./mlruns/0/r1/artifacts\t\t-\t"],
            lines);
    }

    [Fact]
    public async Task What_must_be_there_is_what_the_database_says_is_ready()
    {
        var lines = await ReadAsync("mlflowready", """
            CREATE TABLE experiments (experiment_id int PRIMARY KEY, artifact_location text, lifecycle_stage text);
            INSERT INTO experiments VALUES (0, 's3://b/0', 'active'), (1, 's3://b/1', 'deleted');
            CREATE TABLE runs (run_uuid text PRIMARY KEY, artifact_uri text, lifecycle_stage text, experiment_id int);
            INSERT INTO runs VALUES ('r0', 's3://b/0/r0/artifacts/', 'active', 0), ('r1', 's3://b/1/r1/artifacts', 'active', 1);
            CREATE TABLE model_versions (name text, version int, source text, storage_location text, current_stage text, status text, run_id text);
            INSERT INTO model_versions VALUES ('m', 1, 'runs:/r0/a/b', '', 'None', 'READY', 'r0'), ('m', 2, 's3://b/x', NULL, 'None', 'PENDING_REGISTRATION', 'r0'),
              ('m', 3, 'models:/m/1', NULL, 'None', NULL, 'r1'), ('m', 4, 'runs:/gone/x', NULL, 'None', 'READY', NULL);
            CREATE TABLE logged_models (model_id text PRIMARY KEY, experiment_id int, artifact_location text, status int, lifecycle_stage text);
            INSERT INTO logged_models VALUES ('m-1', 0, 's3://b/0/models/m-1', 1, 'active'), ('m-2', 0, 's3://b/0/models/m-2', 2, 'active'),
              ('m-3', 0, 's3://b/0/models/m-3', 2, 'active'), ('m-4', 1, 's3://b/1/models/m-4', 2, 'active');
            CREATE TABLE logged_model_tags (model_id text, tag_key text, tag_value text);
            INSERT INTO logged_model_tags VALUES ('m-3', 'mlflow.model.isExternal', 'true'), ('m-2', 'mlflow.model.isExternal', 'false'), ('m-2', 'x', 'true');
            CREATE TABLE trace_info (request_id text, experiment_id int, status text);
            CREATE TABLE trace_tags (key text, value text, request_id text);
            INSERT INTO trace_info VALUES ('t1', 0, 'OK'), ('t2', 0, 'OK'), ('t3', 0, 'IN_PROGRESS'), ('t4', 1, 'ERROR');
            INSERT INTO trace_tags SELECT 'mlflow.artifactLocation', 's3://b/t/' || request_id, request_id FROM trace_info;
            INSERT INTO trace_tags VALUES ('mlflow.trace.spansLocation', 'TRACKING_STORE', 't2')
            """);
        Assert.Equal(
            [
                "m-1 active 0 - ", "m-2 active 0 model ", "m-3 active 0 - ", "m-4 deleted 1 model ",
                "m/1 active 0 files s3://b/0/r0/artifacts/a/b", "m/2 active 0 - ", "m/3 active 1 files runs:/r0/a/b", "m/4 active  files ",
                "t1 active 0 trace ", "t2 active 0 - ", "t3 active 0 - ", "t4 deleted 1 trace ",
            ],
            lines.Select(l => l.Split('\t')).Where(f => f[0] is not ("experiment" or "run")).Select(f => string.Join(' ', f[1], f[2], f[5], f[6], f[7])));
        Assert.Equal("deleted", lines.Single(l => l.StartsWith("run\tr1", StringComparison.Ordinal)).Split('\t')[2]);
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
