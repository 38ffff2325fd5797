namespace KubectlMlopsBackup.Seed.Model;

/// <summary>What one day adds: half-open ranges of indexes. Day 0 is what <c>create</c> makes.</summary>
internal readonly record struct SeedDay(int Number, IndexRange Runs, IndexRange Models, IndexRange Traces)
{
    public static SeedDay First(SeedOptions options) => new(
        0,
        new IndexRange(0, options.Runs),
        new IndexRange(0, options.EffectiveModels),
        new IndexRange(0, options.EffectiveTraces));

    /// <param name="percent">What a day adds, of the first day's counts; at least one run.</param>
    /// <param name="number">1 or more.</param>
    public static SeedDay Later(SeedOptions options, double percent, int number) => new(
        number,
        After(options.Runs, Math.Max(1, Share(options.Runs, percent)), number),
        After(options.EffectiveModels, Share(options.EffectiveModels, percent), number),
        After(options.EffectiveTraces, Share(options.EffectiveTraces, percent), number));

    public static int Share(int count, double percent) => (int)Math.Ceiling(count * percent / 100);

    private static IndexRange After(int first, int each, int number) =>
        new(first + ((number - 1) * each), first + (number * each));
}
