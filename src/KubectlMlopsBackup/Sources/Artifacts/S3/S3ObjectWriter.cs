using System.Buffers;
using Amazon.Runtime;
using Amazon.S3.Model;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Sources.Artifacts.S3;

/// <summary>Writes objects over what is there, each whole or not at all, and checked on arrival. Safe for concurrent use.</summary>
/// <param name="bucket">Where to.</param>
/// <param name="buffersAtOnce">Parts in memory at once, of all objects together.</param>
internal sealed class S3ObjectWriter(S3Connection bucket, int buffersAtOnce) : IDisposable
{
    /// <summary>Up to here an object goes in one request; a larger one in parts of this size.</summary>
    public const int PartSize = 16 << 20;

    private readonly SemaphoreSlim buffers = new(buffersAtOnce);
    private volatile S3PutFeatures features = new(NoOverwrite: false, Checksum: true);

    /// <param name="fullKey">In the bucket.</param>
    /// <param name="mark">See <see cref="ContentMark"/>.</param>
    /// <param name="content">The whole object.</param>
    /// <param name="sha256">Of the content, as the repository has it; null where it does not.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task PutAsync(
        string fullKey, string mark, SegmentBuffer content, byte[]? sha256, CancellationToken cancellationToken)
    {
        sha256 ??= content.Hash(0, content.Length);
        return WithFeaturesAsync(used => RequestAsync(fullKey, () => bucket.Retry.RunAsync(
            async guard =>
            {
                await using var body = new SegmentStream(content, 0, content.Length, guard.Progress);
                var request = S3PutRequests.Put(bucket, fullKey, body, content.Length, sha256, used);
                request.Metadata.Add(ContentMark.Name, mark);
                return await bucket.Client.PutObjectAsync(request, guard.Token);
            },
            cancellationToken)));
    }

    /// <param name="fullKey">In the bucket.</param>
    /// <param name="mark">See <see cref="ContentMark"/>.</param>
    /// <param name="size">Of the object, in bytes.</param>
    /// <param name="open">Opens its content; again if it has to be sent anew.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Task PutAsync(
        string fullKey, string mark, long size, Func<Stream> open, CancellationToken cancellationToken) =>
        WithFeaturesAsync(async used =>
        {
            await using var content = open();
            if (size <= PartSize)
            {
                await PutWholeAsync(fullKey, mark, size, content, cancellationToken);
            }
            else
            {
                await PutPartsAsync(fullKey, mark, size, content, used, cancellationToken);
            }

            return true;
        });

    public void Dispose() => buffers.Dispose();

    private async Task PutWholeAsync(
        string fullKey, string mark, long size, Stream content, CancellationToken cancellationToken)
    {
        await buffers.WaitAsync(cancellationToken);
        try
        {
            using var buffer = await FillAsync(content, size, cancellationToken);
            await PutAsync(fullKey, mark, buffer, null, cancellationToken);
        }
        finally
        {
            buffers.Release();
        }
    }

    private async Task PutPartsAsync(
        string fullKey, string mark, long size, Stream content, S3PutFeatures used, CancellationToken cancellationToken)
    {
        var start = S3PutRequests.Start(bucket, fullKey, used);
        start.ContentType = "application/octet-stream";
        start.Metadata.Add(ContentMark.Name, mark);
        var upload = await RequestAsync(fullKey, () => S3PartUpload.StartAsync(bucket, start, used, cancellationToken));
        try
        {
            var partSize = Math.Max(PartSize, (size + S3PartUpload.MostParts - 1) / S3PartUpload.MostParts);
            var parts = new PartETag[(size + partSize - 1) / partSize];
            await SendPartsAsync(fullKey, upload, parts, partSize, size, content, cancellationToken);
            await RequestAsync(fullKey, async () =>
            {
                await upload.CompleteAsync(
                    parts,
                    found => found.ContentLength == size && found.Metadata[ContentMark.Name] == mark,
                    cancellationToken);
                return true;
            });
        }
        catch
        {
            await upload.AbortAsync();
            throw;
        }
    }

    /// <summary>Reads the parts one after the other and sends several at once.</summary>
    private async Task SendPartsAsync(
        string fullKey,
        S3PartUpload upload,
        PartETag[] parts,
        long partSize,
        long size,
        Stream content,
        CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = new List<Task>(parts.Length);
        try
        {
            for (var index = 0; index < parts.Length; index++)
            {
                await buffers.WaitAsync(stop.Token);
                SegmentBuffer buffer;
                try
                {
                    buffer = await FillAsync(content, Math.Min(partSize, size - (index * partSize)), stop.Token);
                }
                catch
                {
                    buffers.Release();
                    throw;
                }

                sending.Add(SendAsync(index, buffer));
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A part failed: its failure comes out below.
        }
        catch
        {
            await stop.CancelAsync();
            await Task.WhenAll(sending).ContinueWith(
                _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }

        await Task.WhenAll(sending);

        async Task SendAsync(int index, SegmentBuffer buffer)
        {
            try
            {
                parts[index] = await RequestAsync(
                    fullKey, () => upload.PutAsync(index + 1, buffer, 0, buffer.Length, stop.Token));
            }
            catch
            {
                await stop.CancelAsync();
                throw;
            }
            finally
            {
                buffer.Dispose();
                buffers.Release();
            }
        }
    }

    private static async Task<SegmentBuffer> FillAsync(Stream content, long length, CancellationToken cancellationToken)
    {
        var buffer = new SegmentBuffer();
        var piece = ArrayPool<byte>.Shared.Rent(256 << 10);
        try
        {
            while (buffer.Length < length)
            {
                var want = (int)Math.Min(piece.Length, length - buffer.Length);
                var count = await content.ReadAsync(piece.AsMemory(0, want), cancellationToken);
                if (count == 0)
                {
                    throw new EndOfStreamException("a file of the snapshot ended early");
                }

                buffer.Append(piece.AsSpan(0, count));
            }

            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    /// <summary>Without the checksum where the store refuses that, and then always.</summary>
    private async Task WithFeaturesAsync<T>(Func<S3PutFeatures, Task<T>> put)
    {
        var used = features;
        try
        {
            await put(used);
        }
        catch (Exception refusal) when (used.Checksum
            && S3Faults.Find<AmazonServiceException>(refusal) is { } cause && S3Faults.IsRefusedFeature(cause))
        {
            var weaker = used with { Checksum = false };
            await put(weaker);
            features = weaker;
        }
    }

    private async Task<T> RequestAsync<T>(string fullKey, Func<Task<T>> request)
    {
        try
        {
            return await request();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw bucket.Explain(failure, "s3:PutObject", fullKey);
        }
    }
}
