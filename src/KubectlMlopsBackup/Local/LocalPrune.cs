using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Repository.Retention;

namespace KubectlMlopsBackup.Local;

/// <summary>Applies the plan's retention.</summary>
internal static class LocalPrune
{
    /// <param name="plan">The plan.</param>
    /// <param name="only">The name of one repository, or null for all.</param>
    /// <param name="dryRun">Write nothing.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="waiting">Told, in words, when another prune has to be waited for.</param>
    /// <returns>One a repository; and the first failure, with which the rest was gone on.</returns>
    public static async Task<(IReadOnlyList<PruneOutcome> Outcomes, Exception? Failure)> RunAsync(
        LocalPlan plan, string? only, bool dryRun, CancellationToken cancellationToken, Action<string>? waiting = null)
    {
        var outcomes = new List<PruneOutcome>();
        Exception? failure = null;
        var repositories = plan.Chosen(only);
        await RepositoryTwins.RefuseAsync(plan, repositories, cancellationToken);
        foreach (var spec in repositories)
        {
            try
            {
                using var repository = await plan.OpenAsync(spec, cancellationToken);
                var options = new PruneOptions
                {
                    Policy = Policy(spec.Retention!, plan.Spec.Zone()),
                    DryRun = dryRun,
                    Waiting = waiting,
                };
                outcomes.Add(PruneOutcome.Of(spec.Name, await new Pruner(repository, options).RunAsync(cancellationToken)));
            }
            catch (Exception e) when (e is UserError or IOException)
            {
                failure ??= e;
                outcomes.Add(new PruneOutcome { Repository = spec.Name, DryRun = dryRun, Error = e.Message, Busy = e is UserError { Code: ExitCode.Locked } });
            }
        }

        return (outcomes, failure);
    }

    public static RetentionPolicy Policy(RetentionSpec retention, TimeZoneInfo zone) => new()
    {
        KeepWithin = retention.KeepWithinDuration(),
        KeepLast = retention.KeepLast ?? 0,
        KeepDaily = retention.KeepDaily ?? 0,
        KeepWeekly = retention.KeepWeekly ?? 0,
        KeepMonthly = retention.KeepMonthly ?? 0,
        Zone = zone,
    };
}
