using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.S3Admin;

/// <summary>Requests about a bucket itself: with retries, and with the store's own answer where it refuses.</summary>
internal sealed class BucketClient(S3Connection connection, BucketWish wish)
{
    public BucketWish Wish => wish;

    public S3Connection Connection => connection;

    public IAmazonS3 S3 => connection.Client;

    public string Bucket => wish.Bucket;

    public Task<T> SendAsync<T>(Func<IAmazonS3, CancellationToken, Task<T>> request, CancellationToken cancellationToken) =>
        connection.Retry.RunAsync(guard => request(connection.Client, guard.Token), cancellationToken);

    /// <returns>Null where nothing is set.</returns>
    public async Task<T?> FindAsync<T>(Func<IAmazonS3, CancellationToken, Task<T>> request, CancellationToken cancellationToken)
        where T : AmazonWebServiceResponse
    {
        try
        {
            // For some requests the SDK does not throw, and takes the error for the answer.
            var answer = await SendAsync(request, cancellationToken);
            return answer.HttpStatusCode == HttpStatusCode.NotFound ? null : answer;
        }
        catch (AmazonServiceException e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
        {
            return null;
        }
    }

    /// <summary>The store does not know the request, or what it asks for.</summary>
    public static bool IsUnsupported(Exception failure) => failure is AmazonServiceException
    {
        StatusCode: HttpStatusCode.NotImplemented or HttpStatusCode.MethodNotAllowed,
    }
    or AmazonServiceException { ErrorCode: "NotImplemented" or "XNotImplemented" or "MethodNotAllowed" or "UnsupportedOperation" };

    /// <summary>In a user's words.</summary>
    public Exception Explain(Exception failure, string action) => connection.Explain(failure, action, wish.Bucket);
}
