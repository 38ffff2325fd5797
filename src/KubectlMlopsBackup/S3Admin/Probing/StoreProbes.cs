using Amazon.Runtime;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.S3Admin.Probing;

/// <summary>Tries all abilities of a store, one after the other; one that fails hides no other.</summary>
internal static class StoreProbes
{
    /// <param name="client">To the bucket.</param>
    /// <param name="clock">This machine's.</param>
    /// <param name="warn">Told what could not be taken away again.</param>
    /// <exception cref="UserError">No bucket, or it cannot be reached.</exception>
    public static async Task<IReadOnlyList<AbilityReport>> RunAsync(
        BucketClient client, TimeProvider clock, Action<string> warn, CancellationToken cancellationToken)
    {
        IStoreProbe[] probes =
        [
            new ObjectProbe(), new ListProbe(), new ConditionalWriteProbe(), new ChecksumProbe(), new MultipartProbe(),
            new VersioningProbe(), new LockProbe(), new EncryptionProbe(), new StorageClassProbe(), new ClockProbe(clock),
        ];
        var scope = new ProbeScope(client);
        var reports = new List<AbilityReport>();
        try
        {
            foreach (var probe in probes)
            {
                reports.Add(await OneAsync(probe, scope, cancellationToken));
            }
        }
        finally
        {
            await RemoveAsync(scope, warn);
        }

        return reports;
    }

    private static async Task<AbilityReport> OneAsync(IStoreProbe probe, ProbeScope scope, CancellationToken cancellationToken)
    {
        try
        {
            var result = await probe.RunAsync(scope, cancellationToken);
            return new AbilityReport(probe.Ability, result.Works, probe.Required, result.Evidence, result.Works == true ? null : probe.Without);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            var explained = scope.Client.Connection.Explain(e, $"trying {probe.Ability}", scope.Folder);
            if (explained is UserError && (S3Faults.IsUnreachable(e) || e is AmazonServiceException { ErrorCode: "NoSuchBucket" or "InvalidAccessKeyId" or "SignatureDoesNotMatch" }))
            {
                // Nothing else would fare better.
                throw explained;
            }

            return new AbilityReport(probe.Ability, Works: probe.Required ? false : null, probe.Required, explained.Message, probe.Without);
        }
    }

    private static async Task RemoveAsync(ProbeScope scope, Action<string> warn)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            if (await scope.RemoveAsync(limit.Token) is > 0 and var kept)
            {
                warn($"{kept} small objects of this check stay at s3://{scope.Client.Bucket}/{scope.Folder}: the store does not let them go (a lock, or no right to delete versions)");
            }
        }
        catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or TimeoutException or OperationCanceledException)
        {
            warn($"objects of this check may stay at s3://{scope.Client.Bucket}/{scope.Folder}: {e.Message}");
        }
    }
}
