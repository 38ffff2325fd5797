using System.Globalization;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.InCluster.Status;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Diagnostics.Outside;

/// <summary>How much room is left in the backup volumes, and on which day it is used up.</summary>
internal sealed class SpaceCheck(ClusterLook look) : Check
{
    /// <summary>A volume is made larger on a working day, and prune needs room to rewrite packs.</summary>
    private const long Soon = 14;
    private const long AtOnce = 3;

    public override string Id => "space";

    public override async Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        var status = await look.StatusAsync();
        for (var i = 0; i < status.Repositories.Count; i++)
        {
            if (status.Repositories[i] is { FreeBytes: { } free, TotalBytes: > 0 and { } total, AsOf: { } asOf } repository)
            {
                await JudgeAsync(found, i, repository, free, total, SpaceForecast.Of(free, repository.GrowthBytes ?? 0, asOf));
            }
        }
    }

    private async Task JudgeAsync(Findings found, int index, RepositoryStatus repository, long free, long total, SpaceForecast forecast)
    {
        var share = (double)free / total;
        var evidence = $"{repository.Repository}: {Humanize.Bytes(free)} of {Humanize.Bytes(total)} are free ({Humanize.Percent(share)})"
            + (forecast.Nights is null ? "; nothing is known yet of what a night adds"
                : $"; a night adds up to {Humanize.Bytes(repository.GrowthBytes ?? 0)}"
                + (forecast.Day is { } day ? $": full about {day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}" : ": it lasts for years"));
        if (forecast.Nights < AtOnce || share < 0.03)
        {
            found.Problem(Faults.VolumeFilling, evidence, await FixAsync(index, repository, total));
        }
        else if (forecast.Nights < Soon || share < StatusJudge.LeastFree)
        {
            found.Warning(Faults.VolumeFilling, evidence, await FixAsync(index, repository, total));
        }
        else
        {
            found.Ok(evidence);
        }
    }

    private async Task<string> FixAsync(int index, RepositoryStatus repository, long total)
    {
        var less = $"keep less: lower spec.repositories[{index}].retention in the plan, install it again, then kubectl mlopsbackup prune -n {look.Namespace}";
        if (repository.Claim is not { } claim)
        {
            return less;
        }

        try
        {
            var storage = (await look.ClaimsAsync()).FirstOrDefault(c => c.Metadata.Name == claim)?.Spec?.StorageClassName;
            var expands = (await look.ClassesAsync()).FirstOrDefault(c => c.Metadata.Name == storage)?.AllowVolumeExpansion == true;
            var size = $"{Math.Max(1, (long)Math.Ceiling(total * 2.0 / (1L << 30)))}Gi";
            return expands
                ? $"set spec.repositories[{index}].volume.size in the plan to {size} and run: {look.Kubectl($"patch pvc {claim} -p '{{\"spec\":{{\"resources\":{{\"requests\":{{\"storage\":\"{size}\"}}}}}}}}'")}"
                : $"StorageClass {storage} cannot make a volume larger: {less}";
        }
        catch (ClusterException)
        {
            return less;
        }
    }
}
