using System.Net;
using Amazon.Runtime;

namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>Writes an object once: never over another one, and checked on arrival.</summary>
internal sealed class S3Upload(S3Store store, S3Connection bucket)
{
    /// <summary>Above this an object goes in parts. Packs are far below.</summary>
    internal const long MultipartAbove = 64 * 1024 * 1024;

    private readonly S3Capabilities _capabilities = new(bucket.Settings.Endpoint is null);

    /// <exception cref="ObjectConflictException">The key is taken by an object of another size.</exception>
    public async Task RunAsync(
        string key, SegmentBuffer content, ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken)
    {
        if (_capabilities.LooksFirst && await IsThereAsync(key, content.Length, cancellationToken))
        {
            return;
        }

        try
        {
            await PutAsync(key, content, sha256, cancellationToken);
        }
        catch (AmazonServiceException failure) when (failure.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            // Another writer was faster, or an earlier try of ours arrived though its answer did not.
            _capabilities.SawOverwriteRefused();
            if (!await IsThereAsync(key, content.Length, cancellationToken))
            {
                throw new IOException($"{store.Location}: {key} was deleted while it was being written", failure);
            }
        }
        catch (AmazonServiceException failure) when (S3Faults.IsDamage(failure))
        {
            throw new IOException(
                $"{store.Location}: {key} does not have the SHA-256 that was announced ({failure.ErrorCode}): it was damaged in memory or on the way, and nothing was stored",
                failure);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw store.Explain(failure, "s3:PutObject", key);
        }
    }

    /// <exception cref="ObjectConflictException">It is there, with another size.</exception>
    private async Task<bool> IsThereAsync(string key, long size, CancellationToken cancellationToken)
    {
        var found = await store.SizeAsync(key, cancellationToken);
        return found is null ? false : found == size ? true : throw new ObjectConflictException(store.Location, key);
    }

    private async Task PutAsync(
        string key, SegmentBuffer content, ReadOnlyMemory<byte> sha256, CancellationToken cancellationToken)
    {
        var features = _capabilities.Features;
        try
        {
            await PutAsync(key, content, sha256, features, cancellationToken);
            return;
        }
        catch (Exception refusal) when (S3Faults.IsRefusedFeature(refusal))
        {
            foreach (var weaker in features.Weaker())
            {
                if (await TryWeakerAsync(key, content, sha256, weaker, cancellationToken))
                {
                    return;
                }
            }

            // It was something else.
            throw;
        }
    }

    private async Task<bool> TryWeakerAsync(
        string key, SegmentBuffer content, ReadOnlyMemory<byte> sha256, S3PutFeatures weaker, CancellationToken cancellationToken)
    {
        if (!weaker.NoOverwrite && !_capabilities.LooksFirst && await IsThereAsync(key, content.Length, cancellationToken))
        {
            return true;
        }

        try
        {
            await PutAsync(key, content, sha256, weaker, cancellationToken);
        }
        catch (Exception refusal) when (S3Faults.IsRefusedFeature(refusal))
        {
            return false;
        }

        _capabilities.Remember(weaker);
        return true;
    }

    private async Task PutAsync(
        string key, SegmentBuffer content, ReadOnlyMemory<byte> sha256, S3PutFeatures features, CancellationToken cancellationToken)
    {
        if (content.Length > MultipartAbove)
        {
            await new S3MultipartUpload(bucket, features).RunAsync(store.FullKey(key), content, sha256, cancellationToken);
            return;
        }

        await bucket.Retry.RunAsync(
            async guard =>
            {
                await using var body = new SegmentStream(content, 0, content.Length, guard.Progress);
                var request = S3PutRequests.Put(bucket, store.FullKey(key), body, content.Length, sha256, features);
                return await bucket.Client.PutObjectAsync(request, guard.Token);
            },
            cancellationToken);
    }
}
