using KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;
using KubectlMlopsBackup.EndToEndTests.Fixtures;
using KubectlMlopsBackup.Mlflow.Consistency;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Seed;
using KubectlMlopsBackup.Seed.Model;
using KubectlMlopsBackup.Sources.Artifacts;
using KubectlMlopsBackup.Sources.Postgres;
using Npgsql;

namespace KubectlMlopsBackup.EndToEndTests.Mlflow;

/// <summary>Whole platforms of each generation of MLflow's schema, sound at first, then with planted faults.</summary>
[Collection(PostgresTests.Name)]
public sealed class ConsistencyTests(PostgresServer server)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Planted_faults_are_found_and_nothing_else(int generation)
    {
        var folder = Directory.CreateTempSubdirectory("mlopsbackup-consistency-").FullName;
        try
        {
            var database = $"consistency{generation}";
            var options = PlatformServer.Options with
            {
                Generation = generation,
                ArtifactRoot = generation switch { 1 => folder, 2 => $"file://{folder}", _ => "mlflow-artifacts:" },
            };
            var catalog = PlatformSeeder.FirstDay(options);
            await server.SqlAsync("postgres", $"CREATE DATABASE {database}");
            await using (var source = NpgsqlDataSource.Create(
                $"Host=127.0.0.1;Port={server.Port};Database={database};Username={PostgresServer.Superuser};Password={server.Password};Pooling=false"))
            {
                await PlatformSeeder.FillDatabaseAsync(source, catalog, Token);
            }

            PlatformSeeder.WriteArtifacts(folder, catalog, Token);
            var sound = await CheckAsync(database, folder);
            Assert.True(sound.Consistent, string.Join('\n', sound.Items));
            Assert.Equal((0, 0, 0), (sound.Orphans.Files, sound.OutsideCount, sound.TracesWithoutData));
            Assert.InRange(sound.Judged["run"], options.Runs - 3, options.Runs);
            Assert.True(sound.Judged["model_version"] > 0);
            Assert.Equal(generation == 3 ? options.LoggedModels : 0, sound.Judged.GetValueOrDefault("logged_model"));

            await PlantAsync(database, folder, catalog);
            var hurt = await CheckAsync(database, folder);

            Assert.False(hurt.Consistent);
            Assert.Equal(
                new[] { (catalog.RunId(1), MissingProblem.Missing), (catalog.RunId(2), MissingProblem.NoMlModel) }.Order(),
                hurt.Items.Select(i => (i.Id, i.Problem)).Order());
            Assert.Equal([new OrphanPlace("1/leftover/", 2, 9)], hurt.Orphans.Largest);
            Assert.Equal(1, hurt.Deleted.Experiments);
            // Its runs are deleted with it, though nobody marked them.
            Assert.True(hurt.Deleted.Runs >= options.Runs / options.Experiments);
            Assert.True(hurt.Deleted.RunsWithFiles > 0 && hurt.Deleted.Bytes > 0);
            Assert.True(hurt.Judged["run"] < sound.Judged["run"]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A run's folder is gone, another's model has no MLmodel, a folder is nobody's, an experiment is deleted.</summary>
    private async Task PlantAsync(string database, string folder, Catalog catalog)
    {
        Directory.Delete(Path.Combine(folder, catalog.RunDirectory(1)), recursive: true);
        File.Delete(Path.Combine(folder, catalog.RunDirectory(2), "model/MLmodel"));
        var leftover = Directory.CreateDirectory(Path.Combine(folder, "1/leftover/artifacts")).FullName;
        foreach (var (name, content) in new[] { ("a", "1234"), ("b", "12345") })
        {
            await File.WriteAllTextAsync(Path.Combine(leftover, name), content, Token);
            File.SetLastWriteTimeUtc(Path.Combine(leftover, name), DateTime.UtcNow.AddDays(-1));
        }

        await server.SqlAsync(database, "UPDATE public.experiments SET lifecycle_stage = 'deleted' WHERE experiment_id = 3");
    }

    private async Task<ConsistencyFindings> CheckAsync(string database, string folder)
    {
        await using var references = await LiveReferences.OpenAsync(server.Settings(database), Token);
        using var source = new DirectorySource(folder, PathFilter.Everything, TimeProvider.System);
        return await ConsistencyCheck.RunAsync(
            references.ReadAsync(Token), FilesAsync(source), ArtifactRoots.Of(folder, []), references.Time, Token);
    }

    private static async IAsyncEnumerable<FoundArtifact> FilesAsync(DirectorySource source)
    {
        await foreach (var item in source.WalkAsync(null, Token))
        {
            if (item.Entry.Type == EntryType.File)
            {
                yield return new FoundArtifact(item.Entry.Path, item.Entry.Size, item.Entry.ModifiedNanoseconds);
            }
        }
    }
}
