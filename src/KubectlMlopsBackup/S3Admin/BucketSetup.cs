using Amazon.Runtime;

namespace KubectlMlopsBackup.S3Admin;

/// <summary>Compares a bucket with the plan and, where it is asked to, makes it so. What is as wanted is not written again.</summary>
internal sealed class BucketSetup(BucketClient client)
{
    private readonly BucketExistence existence = new(client);

    /// <summary>Writes nothing.</summary>
    /// <exception cref="UserError">The bucket is not to be reached.</exception>
    public async Task<IReadOnlyList<SettingReport>> CompareAsync(CancellationToken cancellationToken)
    {
        if (await existence.FindAsync(cancellationToken) is { } found)
        {
            return await EachAsync(found, write: false, cancellationToken);
        }

        // All of it is still to be made.
        return
        [
            existence.Missing(),
            .. BucketSettings.Of(client).Where(s => s.IsAskedFor || s.Wanted != "not asked for")
                .Select(s => new SettingReport(s.Name, SettingState.Differs, null, s.Wanted)),
        ];
    }

    /// <exception cref="UserError">The bucket cannot be made, or is not to be reached.</exception>
    public async Task<IReadOnlyList<SettingReport>> ApplyAsync(CancellationToken cancellationToken) => await EachAsync(
        await existence.FindAsync(cancellationToken) ?? await existence.CreateAsync(cancellationToken), write: true, cancellationToken);

    private async Task<IReadOnlyList<SettingReport>> EachAsync(SettingReport bucket, bool write, CancellationToken cancellationToken)
    {
        var reports = new List<SettingReport> { bucket };
        if (bucket.State == SettingState.Refused)
        {
            return reports;
        }

        foreach (var setting in BucketSettings.Of(client))
        {
            reports.Add(await OneAsync(setting, write, cancellationToken));
        }

        return reports;
    }

    private async Task<SettingReport> OneAsync(IBucketSetting setting, bool write, CancellationToken cancellationToken)
    {
        SettingFinding? finding = null;
        try
        {
            finding = await setting.ExamineAsync(cancellationToken);
            if (finding.State != SettingState.Differs || !write)
            {
                return new SettingReport(setting.Name, finding.State, finding.Current, setting.Wanted, finding.Note, finding.Fix);
            }

            await setting.ApplyAsync(cancellationToken);
            return new SettingReport(setting.Name, SettingState.Changed, finding.Current, setting.Wanted, finding.Note, finding.Fix);
        }
        catch (Exception e) when (BucketClient.IsUnsupported(e))
        {
            var answer = (AmazonServiceException)e;
            return new SettingReport(
                setting.Name,
                SettingState.Unsupported,
                finding?.Current,
                setting.Wanted,
                $"the store answers {answer.ErrorCode} (HTTP {(int)answer.StatusCode})",
                setting.IsAskedFor ? "take it out of the plan, or use a store that has it" : null);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // One that fails must not hide the others.
            var explained = e as UserError ?? client.Explain(e, $"s3:{(finding is null ? "Get" : "Put")}{setting.Permission}");
            return new SettingReport(
                setting.Name, SettingState.Failed, finding?.Current, setting.Wanted, explained.Message, (explained as UserError)?.Fix);
        }
    }
}
