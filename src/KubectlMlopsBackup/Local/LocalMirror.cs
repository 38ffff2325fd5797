using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Mirroring;

namespace KubectlMlopsBackup.Local;

/// <summary>Copies what one repository of the plan has and others lack.</summary>
internal static class LocalMirror
{
    /// <summary>From an open repository to another; a failure is an outcome, since what was backed up is good all the same.</summary>
    public static async Task<MirrorOutcome> RunAsync(
        LocalPlan plan, BackupRepository from, RepositorySpec to, ProgressFeed progress, CancellationToken cancellationToken)
    {
        var counters = new MirrorCounters();
        using var feed = progress.Mirror(to.Name, counters);
        try
        {
            using var repository = await plan.OpenAsync(to, cancellationToken);
            var guard = new ClearSecretsGuard(repository);
            var report = await new Mirror(from, repository, plan.WriterOptions, counters)
                .RunAsync(s => s.Plan == plan.Name && guard.MayCopy(s), cancellationToken, plan.Name);
            return new MirrorOutcome(to.Name, report, Damage(report) ?? guard.Problem());
        }
        catch (Exception e) when (e is UserError or IOException)
        {
            return new MirrorOutcome(to.Name, null, e.Message);
        }
    }

    private static string? Damage(MirrorReport report) => report.Damages.Count == 0
        ? null
        : $"{report.Damages[0].Key}: {report.Damages[0].What} ({report.Damages.Count} snapshot(s) could not be copied, {report.Copied.Count} were)";
}
