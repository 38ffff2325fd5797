using KubectlMlopsBackup.Seed.Checksums;

namespace KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;

/// <summary>
/// Artifacts that take their time: half random letters, so that compressing them is work. A part can be written anew, so that
/// the next backup has as much to do. No database, no encryption: what takes time is reading, compressing and writing.
/// </summary>
internal sealed class SlowTree : IDisposable
{
    private const int FileSize = 2 << 20;

    private readonly Random random;
    private readonly byte[] buffer = new byte[FileSize];

    /// <param name="files">Of 2 MiB each; there is a small one beside each.</param>
    public SlowTree(int files, int seed)
    {
        random = new Random(seed);
        Directory.CreateDirectory(Artifacts);
        for (var i = 0; i < files; i++)
        {
            Directory.CreateDirectory(Path.Combine(Artifacts, $"{i:d3}"));
        }

        Change(files);
        Plan = new PlanText
        {
            Artifacts = $"{{path: {Artifacts}}}",
            Repositories = [$"{{name: local, path: {Repository}, retention: {{keepLast: 1}}}}"],
            Compression = "better",
        };
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("mlopsbackup-slow-").FullName;

    public string Artifacts => Path.Combine(Root, "artifacts");

    public string Repository => Path.Combine(Root, "local");

    public string PlanFile => Path.Combine(Root, "plan.yaml");

    public PlanText Plan { get; set; }

    public Random Random => random;

    /// <summary>Writes some of the files anew.</summary>
    public void Change(int files)
    {
        var all = Directory.GetDirectories(Artifacts).Order(StringComparer.Ordinal).ToArray();
        var first = files == all.Length ? 0 : random.Next(all.Length);
        for (var i = 0; i < files; i++)
        {
            var folder = all[(first + i) % all.Length];
            random.GetItems("0123456789abcdef"u8, buffer);
            File.WriteAllBytes(Path.Combine(folder, "weights"), buffer);
            File.WriteAllText(Path.Combine(folder, "MLmodel"), $"run: {random.NextInt64()}\n");
        }
    }

    public string Sum(string? folder = null) =>
        TreeChecksum.Of(folder ?? Artifacts, contentOnly: false, TestContext.Current.CancellationToken).ToString();

    public CliProcess Start(params string[] arguments) => CommandLine.Start(Arguments(arguments), folder: Root);

    public Task<CliResult> RunAsync(params string[] arguments) => CommandLine.RunAsync(Arguments(arguments), folder: Root);

    public async Task<CliResult> DoneAsync(params string[] arguments) => (await RunAsync(arguments)).Expect(ExitCode.Done);

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private string[] Arguments(string[] arguments)
    {
        File.WriteAllText(PlanFile, Plan.ToString());
        return [.. arguments, "--local", "--plan", PlanFile];
    }
}
