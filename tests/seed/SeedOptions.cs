namespace KubectlMlopsBackup.Seed;

/// <summary>
/// What a platform consists of. The platform is a pure function of these values: the same options give the same rows
/// and the same files, and <c>grow</c> finds what <c>create</c> made by being given them again.
/// </summary>
internal sealed record SeedOptions
{
    public int Runs { get; init; } = 1000;

    public int MetricsPerRun { get; init; } = 1000;

    /// <summary>Including "Default", whose id is 0.</summary>
    public int Experiments { get; init; } = 20;

    /// <summary>MLflow 3 only; taken as 0 for older schemas.</summary>
    public int LoggedModels { get; init; } = 200;

    /// <summary>MLflow 2 and 3 only; taken as 0 for older schemas.</summary>
    public int Traces { get; init; } = 500;

    /// <summary>Bytes of all artifacts together. What the small files leave is filled by weights; 0 means no weights.</summary>
    public long Bytes { get; init; } = 300L << 20;

    /// <summary>Least number of small files; null for what the runs, models and traces have by themselves.</summary>
    public int? Files { get; init; }

    /// <summary>Range of the small files' sizes, in bytes; scaled down where they would take over half of <see cref="Bytes"/>.</summary>
    public (int Min, int Max) SmallSize { get; init; } = (512, 50 << 10);

    public ulong Seed { get; init; } = 42;

    /// <summary>Share, by count and by bytes, of files that are exact copies of others; 0 to 0.9.</summary>
    public double Duplicates { get; init; } = 0.15;

    /// <summary>1, 2 or 3: whose schema and layout.</summary>
    public int Generation { get; init; } = 3;

    /// <summary>What the database calls the root of the artifacts, without a slash at its end (but for <c>mlflow-artifacts:</c>).</summary>
    public string ArtifactRoot { get; init; } = "mlflow-artifacts:";

    public int EffectiveModels => Generation >= 3 ? LoggedModels : 0;

    public int EffectiveTraces => Generation >= 2 ? Traces : 0;

    /// <exception cref="SeedError">A value is out of its range; the message names the option.</exception>
    public void Validate()
    {
        Require(Runs is >= 1 and <= 10_000_000, "--runs", "1 to 10000000");
        Require(MetricsPerRun is >= 0 and <= 10_000_000, "--metrics-per-run", "0 to 10000000");
        Require(Experiments is >= 1 and <= 100_000, "--experiments", "1 to 100000");
        Require(LoggedModels >= 0, "--logged-models", "0 or more");
        Require(Traces >= 0, "--traces", "0 or more");
        Require(Bytes >= 0, "--bytes", "0 or more");
        Require(Files is null or (>= 0 and <= 100_000_000), "--files", "0 to 100000000");
        Require(SmallSize.Min >= 64 && SmallSize.Max >= SmallSize.Min, "--small-size", "MIN-MAX, MIN at least 64 bytes");
        Require(Duplicates is >= 0 and <= 0.9, "--duplicates", "0% to 90%");
        Require(Generation is >= 1 and <= 3, "--schema", "mlflow1, mlflow2 or mlflow3");
    }

    private static void Require(bool holds, string option, string wanted)
    {
        if (!holds)
        {
            throw new SeedError($"{option}: want {wanted}");
        }
    }
}
