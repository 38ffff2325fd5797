namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>Times the phases of a restore.</summary>
internal sealed class PhaseClock(TimeProvider time, IProgress<PostgresProgress>? progress)
{
    private readonly List<PhaseDuration> phases = [];

    public IReadOnlyList<PhaseDuration> Phases => phases;

    public async Task<T> RunAsync<T>(string phase, Func<Task<T>> work)
    {
        var start = time.GetTimestamp();
        progress?.Report(new PostgresProgress(phase, 0, null));
        var result = await work();
        phases.Add(new PhaseDuration(phase, time.GetElapsedTime(start).TotalSeconds));
        return result;
    }

    public Task RunAsync(string phase, Func<Task> work) => RunAsync(phase, async () =>
    {
        await work();
        return true;
    });
}
