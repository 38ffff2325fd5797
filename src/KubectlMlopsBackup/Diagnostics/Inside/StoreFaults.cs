using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Diagnostics.Inside;

/// <summary>Which fault a failure of an S3 store is.</summary>
internal static class StoreFaults
{
    /// <param name="otherwise">What it is where the failure tells nothing of the way to the store.</param>
    public static Fault Of(Exception failure, Fault otherwise) => S3Faults.TroubleOf(failure) switch
    {
        S3Trouble.Unreachable => Faults.StoreUnreachable,
        S3Trouble.Tls => Faults.StoreTls,
        S3Trouble.Credentials => Faults.StoreCredentials,
        S3Trouble.NoBucket => Faults.BucketMissing,
        S3Trouble.Region => Faults.StoreRegion,
        S3Trouble.Clock => Faults.ClockSkew,
        S3Trouble.Denied => Faults.StoreRefuses,
        _ => otherwise,
    };
}
