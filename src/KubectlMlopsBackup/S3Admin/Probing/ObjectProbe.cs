using System.Security.Cryptography;
using Amazon.S3.Model;

namespace KubectlMlopsBackup.S3Admin.Probing;

/// <summary>Write, size, read of a part, delete: what every repository is made of.</summary>
internal sealed class ObjectProbe : IStoreProbe
{
    private const int Size = 4096;
    private const int From = 1000;
    private const int Length = 100;

    public string Ability => "objects";

    public bool Required => true;

    public string Without => "no repository can lie there";

    public async Task<ProbeResult> RunAsync(ProbeScope scope, CancellationToken cancellationToken)
    {
        var content = RandomNumberGenerator.GetBytes(Size);
        await scope.PutPlainAsync("object", content, cancellationToken);
        if ((await scope.HeadAsync("object", checksum: false, cancellationToken))?.ContentLength != Size)
        {
            return new ProbeResult(false, "an object that was written has not its size");
        }

        var part = await ReadAsync(scope, cancellationToken);
        if (!part.AsSpan().SequenceEqual(content.AsSpan(From, Length)))
        {
            return new ProbeResult(false, $"asked for bytes {From} to {From + Length - 1}, got {part.Length} bytes that are not those");
        }

        await scope.Client.SendAsync((s3, token) => s3.DeleteObjectAsync(scope.Client.Bucket, scope.Key("object"), token), cancellationToken);
        return await scope.HeadAsync("object", checksum: false, cancellationToken) is null
            ? new ProbeResult(true, $"{Size} bytes written, {Length} in their middle read by Range, deleted")
            : new ProbeResult(false, "an object that was deleted is still there");
    }

    private static Task<byte[]> ReadAsync(ProbeScope scope, CancellationToken cancellationToken)
    {
        var request = new GetObjectRequest
        {
            BucketName = scope.Client.Bucket,
            Key = scope.Key("object"),
            ByteRange = new ByteRange(From, From + Length - 1),
        };
        return scope.Client.SendAsync(
            async (s3, token) =>
            {
                using var answer = await s3.GetObjectAsync(request, token);
                using var bytes = new MemoryStream();
                await answer.ResponseStream.CopyToAsync(bytes, token);
                return bytes.ToArray();
            },
            cancellationToken);
    }
}
