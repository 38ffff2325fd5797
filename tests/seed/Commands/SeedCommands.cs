using System.CommandLine;
using System.Diagnostics;
using KubectlMlopsBackup.Seed.Checksums;
using KubectlMlopsBackup.Seed.Database;
using KubectlMlopsBackup.Seed.Model;

namespace KubectlMlopsBackup.Seed.Commands;

/// <summary>The verbs: options, call, print.</summary>
internal static class SeedCommands
{
    public static RootCommand Root() => new("Makes MLflow platforms to test backups with, and checksums to compare them by.") { Create(), Grow(), Checksum() };

    private static Command Create()
    {
        var options = new PlatformOptions();
        var command = new Command("create", "Fill an empty database and an empty directory with a platform.");
        options.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var request = options.Read(parsed);
            return RunAsync(request, PlatformSeeder.FirstDay(request.Options), cancellation);
        });
        return command;
    }

    private static Command Grow()
    {
        var options = new PlatformOptions();
        var percent = new Option<double>("--percent") { Description = "New runs, models and traces, of what create made", DefaultValueFactory = _ => 3 };
        var day = new Option<int>("--day") { Description = "1 for the first growth, then 2, …", DefaultValueFactory = _ => 1 };
        var lose = new Option<bool>("--lose-run") { Description = "Also delete the artifacts of one older run, and leave its rows" };
        var command = new Command("grow", "Add a day's work. Give the options of create again.") { percent, day, lose };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var request = options.Read(parsed);
            if (parsed.GetValue(percent) is <= 0 or > 1000 || parsed.GetValue(day) < 1)
            {
                throw new SeedError("want --percent above 0 and --day 1 or more");
            }

            var catalog = PlatformSeeder.LaterDay(request.Options, parsed.GetValue(percent), parsed.GetValue(day));
            await RunAsync(request, catalog, cancellation);
            if (parsed.GetValue(lose) && request.Artifacts is { } directory)
            {
                Console.WriteLine($"lost {PlatformSeeder.LoseRun(directory, catalog)}");
            }
        });
        return command;
    }

    private static Command Checksum()
    {
        var artifacts = new Option<string?>("--artifacts") { Description = "A directory" };
        var contentOnly = new Option<bool>("--content-only") { Description = "Without modes, owners and times" };
        var postgres = new Option<string?>("--postgres") { Description = "A database: \"host=… port=… user=… dbname=…\", password by PGPASSWORD" };
        var command = new Command("checksum", "Print one hash over a tree or a database, with counts.") { artifacts, contentOnly, postgres };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(artifacts) is { } directory)
            {
                var tree = TreeChecksum.Of(directory, parsed.GetValue(contentOnly), cancellation);
                Print($"artifacts sha256 {tree.Sha256}");
                Print($"artifacts files {tree.Files} directories {tree.Directories} others {tree.Others} bytes {tree.Bytes}");
            }

            if (parsed.GetValue(postgres) is { } address)
            {
                await using var source = PostgresAddress.Open(address);
                var database = await DatabaseChecksum.OfAsync(source, cancellation);
                Print($"postgres sha256 {database.Sha256}");
                Print($"postgres definitions {database.Definitions}");
                foreach (var table in database.Tables)
                {
                    Print($"postgres table {table.Name} rows {table.Rows} sha256 {table.Sha256}");
                }

                Print($"postgres tables {database.Tables.Count} rows {database.Tables.Sum(t => t.Rows)}");
            }
        });
        return command;
    }

    private static async Task RunAsync(PlatformRequest request, Catalog catalog, CancellationToken cancellation)
    {
        if (request.Postgres is { } address)
        {
            var clock = Stopwatch.StartNew();
            await using var source = PostgresAddress.Open(address);
            var rows = await PlatformSeeder.FillDatabaseAsync(source, catalog, cancellation);
            Print($"postgres rows {rows} seconds {clock.Elapsed.TotalSeconds:f1}");
        }

        if (request.Artifacts is { } directory)
        {
            var clock = Stopwatch.StartNew();
            var plan = PlatformSeeder.WriteArtifacts(directory, catalog, cancellation);
            var written = plan.Files.Skip(plan.Start).ToList();
            var copies = written.Where((f, i) => f.Source != plan.Start + i).ToList();
            Print($"artifacts files {written.Count} bytes {written.Sum(f => f.Size)} copies {copies.Count} copied-bytes {copies.Sum(f => f.Size)} seconds {clock.Elapsed.TotalSeconds:f1}");
        }
    }

    private static void Print(FormattableString line) => Console.WriteLine(Catalog.Invariant(line));
}
