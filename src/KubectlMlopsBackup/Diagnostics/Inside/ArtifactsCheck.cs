using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Sources.Artifacts;

namespace KubectlMlopsBackup.Diagnostics.Inside;

/// <summary>Whether the artifacts are there and can be read: the first of them are tried.</summary>
internal sealed class ArtifactsCheck(LocalPlan plan) : Check
{
    private const int MostItems = 2_000;
    private const int MostFiles = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public override string Id => "artifacts";

    public override async Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(Patience);
        try
        {
            using var source = plan.ArtifactSource(RepositoryCheck.Retry);
            await LookAsync(found, source, time.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            found.Problem(
                Faults.ArtifactsUnreadable, $"no answer within {Humanize.Duration(Patience)}",
                "see whether the volume hangs, or the store can be reached: spec.artifacts in the plan");
        }
        catch (Exception e) when (e is UserError or IOException)
        {
            found.Problem(plan.Spec.Artifacts?.S3 is null ? Faults.ArtifactsUnreadable : StoreFaults.Of(e, Faults.ArtifactsUnreadable), e.Message, (e as UserError)?.Fix ?? "see whether the volume is mounted: spec.artifacts in the plan");
        }
    }

    private static async Task LookAsync(Findings found, IArtifactSource source, CancellationToken cancellationToken)
    {
        var (items, read) = (0, 0);
        var problems = new List<string>();
        await foreach (var item in source.WalkAsync(null, cancellationToken))
        {
            items++;
            if (item.Problem is { } problem)
            {
                problems.Add($"{item.Entry.Path}: {problem}");
            }
            else if (item.Entry.Type == EntryType.File && read < MostFiles)
            {
                read++;
                await ReadAsync(source, item, problems, cancellationToken);
            }

            if (items >= MostItems)
            {
                break;
            }
        }

        if (problems.Count > 0)
        {
            found.Problem(
                Faults.ArtifactsUnreadable, $"{problems.Count} of the first {items} cannot be read, such as {problems[0]}",
                "where only their owner can read them, run it as that user (in the cluster: spec.kubernetes.podSecurity.runAsUser in the plan, and install it again); in S3, allow s3:GetObject: kubectl mlopsbackup s3 policy backup prints the whole policy");
        }
        else if (read == 0)
        {
            found.Warning(
                Faults.ArtifactsUnreadable, $"{source.Description} has no files",
                "see whether spec.artifacts names the place where MLflow puts its artifacts; an empty one is backed up with --allow-empty only");
        }

        found.OkUnlessFault($"{source.Description}: the first {read} files can be read{(items >= MostItems ? "" : $", {items} files and folders in all")}");
    }

    private static async Task ReadAsync(IArtifactSource source, SourceItem item, List<string> problems, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = await source.OpenAsync(item, cancellationToken);
            if (file.NextStretch() is not null)
            {
                await file.ReadAsync(new byte[1], cancellationToken);
            }
        }
        catch (SourceChangedException)
        {
            // The platform is at work.
        }
        catch (Exception e) when (e is IOException or UserError)
        {
            problems.Add($"{item.Entry.Path}: {e.Message}");
        }
    }
}
