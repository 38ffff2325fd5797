using KubectlMlopsBackup.Seed.Artifacts;
using KubectlMlopsBackup.Seed.Database;
using KubectlMlopsBackup.Seed.Model;
using Npgsql;

namespace KubectlMlopsBackup.Seed;

/// <summary>What tests call: a platform's database and its artifact tree, made or grown.</summary>
internal static class PlatformSeeder
{
    public static Catalog FirstDay(SeedOptions options) => new(options, SeedDay.First(options));

    /// <param name="day">1 for the first growth.</param>
    public static Catalog LaterDay(SeedOptions options, double percent, int day) =>
        new(options, [SeedDay.First(options), .. Enumerable.Range(1, day).Select(d => SeedDay.Later(options, percent, d))]);

    /// <returns>Rows loaded.</returns>
    /// <exception cref="SeedError">See <see cref="DatabaseSeeder"/>.</exception>
    public static Task<long> FillDatabaseAsync(NpgsqlDataSource source, Catalog catalog, CancellationToken cancellation)
    {
        var seeder = new DatabaseSeeder(source);
        return catalog.Today.Number == 0 ? seeder.CreateAsync(catalog, cancellation) : seeder.GrowAsync(catalog, cancellation);
    }

    /// <returns>The plan that was written.</returns>
    /// <exception cref="SeedError">Day 0 wants an empty or absent directory; a later day may not meet its own files.</exception>
    public static ArtifactPlan WriteArtifacts(string directory, Catalog catalog, CancellationToken cancellation)
    {
        if (catalog.Today.Number == 0 && Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
        {
            throw new SeedError($"--artifacts: {directory} is not empty");
        }

        var plan = ArtifactPlan.Build(catalog);
        ArtifactTreeWriter.Write(plan, directory, cancellation);
        return plan;
    }

    /// <summary>Removes one run's artifacts and leaves its rows: the fault that a check of the database against the tree must find.</summary>
    /// <returns>The directory that is gone, relative to the root.</returns>
    public static string LoseRun(string directory, Catalog catalog)
    {
        var run = Mix.Below(Mix.Of(catalog.Seed, 'L', catalog.Today.Number), catalog.Today.Runs.Start);
        var lost = Path.GetDirectoryName(catalog.RunDirectory(run))!;
        var parent = Path.Combine(directory, Path.GetDirectoryName(lost)!);
        var time = Directory.GetLastWriteTimeUtc(parent);
        Directory.Delete(Path.Combine(directory, lost), recursive: true);
        Directory.SetLastWriteTimeUtc(parent, time);
        return lost;
    }
}
