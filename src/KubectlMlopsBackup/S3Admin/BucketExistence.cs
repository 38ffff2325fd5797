using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace KubectlMlopsBackup.S3Admin;

/// <summary>The bucket itself: is it there, is it ours, is it where the plan says; and its making.</summary>
internal sealed class BucketExistence(BucketClient client)
{
    private const string Setting = "bucket";

    private BucketWish Wish => client.Wish;

    private string Wanted => Wish is { IsAws: true, Region: { } region } ? $"{Wish.Bucket} in {region}" : Wish.Bucket;

    /// <returns>Null where there is none.</returns>
    /// <exception cref="UserError">It is not to be reached: wrong keys, no rights, someone else's.</exception>
    public async Task<SettingReport?> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            // HEAD has no reasons, and says 403 of someone else's bucket and of wrong keys alike.
            var answer = await client.SendAsync(
                (s3, token) => s3.GetBucketLocationAsync(new GetBucketLocationRequest { BucketName = Wish.Bucket }, token), cancellationToken);
            // AWS has two old names: nothing for its first region, EU for Ireland.
            var found = answer.Location?.Value switch { null or "" => "us-east-1", "EU" => "eu-west-1", var name => name };
            return Wish.IsAws && Wish.Region is { } region && found != region
                ? new SettingReport(
                    Setting, SettingState.Refused, $"{Wish.Bucket} in {found}", Wanted, "a bucket cannot be moved", $"write region: {found} into the plan, or name another bucket")
                : new SettingReport(Setting, SettingState.Ok, Wish.IsAws ? $"{Wish.Bucket} in {found}" : Wish.Bucket, Wanted);
        }
        catch (AmazonServiceException e) when (e.ErrorCode == "NoSuchBucket" || e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (Exception e) when (BucketClient.IsUnsupported(e))
        {
            return new SettingReport(Setting, SettingState.Ok, Wish.Bucket, Wanted);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw client.Explain(e, "s3:GetBucketLocation");
        }
    }

    public SettingReport Missing() => new(Setting, SettingState.Differs, "not there", Wanted);

    /// <exception cref="UserError">The name is taken, or it may not be made.</exception>
    public async Task<SettingReport> CreateAsync(CancellationToken cancellationToken)
    {
        var request = new PutBucketRequest
        {
            BucketName = Wish.Bucket,
            // A name of Amazon's regions means nothing elsewhere.
            UseClientRegion = Wish.IsAws,
            // Many stores, and AWS until 2023, only take it at this moment.
            ObjectLockEnabledForBucket = Wish.Setup.ObjectLock is not null ? true : null,
        };
        try
        {
            await client.SendAsync((s3, token) => s3.PutBucketAsync(request, token), cancellationToken);
            return new SettingReport(Setting, SettingState.Changed, "not there", Wanted);
        }
        catch (AmazonServiceException e) when (e.ErrorCode == "BucketAlreadyOwnedByYou")
        {
            return new SettingReport(Setting, SettingState.Ok, Wanted, Wanted);
        }
        catch (AmazonServiceException e) when (e.ErrorCode == "BucketAlreadyExists")
        {
            throw new UserError(
                $"the bucket {Wish.Bucket} belongs to someone else: names are shared by all of a store's users", "choose another name in the plan", ExitCode.Usage, e);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw client.Explain(e, "s3:CreateBucket");
        }
    }
}
