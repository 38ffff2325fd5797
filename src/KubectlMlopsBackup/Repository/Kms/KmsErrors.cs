using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Repository.Kms;

/// <summary>Says in a user's words why a key of KMS cannot be used, and what to do about it.</summary>
internal static class KmsErrors
{
    private const string BadSignature = "InvalidSignatureException";

    /// <param name="failure">What the SDK threw.</param>
    /// <param name="settings">Of the key.</param>
    /// <param name="action">The right that it needs, such as <c>kms:Decrypt</c>.</param>
    public static UserError Explain(Exception failure, KmsSettings settings, string action)
    {
        var (what, fix, code) = Reason(failure, settings, action);
        var message = $"{settings}: {what}";
        return new UserError(message, fix, code, new KmsException(message, failure));
    }

    private static (string What, string Fix, ExitCode Code) Reason(Exception failure, KmsSettings settings, string action) => failure switch
    {
        DisabledException => (
            "is disabled",
            $"enable it: aws kms enable-key --key-id {Id(settings)}; or use a recovery sheet (key escrow), if one is kept",
            ExitCode.WrongKey),
        KMSInvalidStateException => (
            "cannot be used in its state: it is to be deleted, or its key store is away",
            $"if it is to be deleted, stop that at once: aws kms cancel-key-deletion --key-id {Id(settings)}, then enable-key. A deleted key is gone for good, and with it every backup that no passphrase opens",
            ExitCode.WrongKey),
        NotFoundException => (
            "does not exist, in this region and account",
            "check spec.encryption.kms.keyId and region. Where it was deleted, only a passphrase opens the backups: that of a recovery sheet, if one is kept",
            ExitCode.WrongKey),
        AmazonServiceException e when IsDenied(e) => (
            $"access denied: {action}",
            $"allow {action} on it to this identity, in IAM (kubectl mlopsbackup s3 policy prints the whole policy) and in the key's own policy",
            ExitCode.WrongKey),
        InvalidKeyUsageException => (
            "is not for encryption, or not symmetric",
            "use a key of kind SYMMETRIC_DEFAULT with usage ENCRYPT_DECRYPT, as aws kms create-key makes it",
            ExitCode.WrongKey),
        AmazonServiceException e when IsClock(e) => (
            $"refused: {e.ErrorCode}: this machine's time is another than that of KMS",
            "set this machine's clock: requests are valid for minutes only",
            ExitCode.Failed),
        AmazonServiceException e when e.ErrorCode == BadSignature || S3Faults.TroubleOf(e) == S3Trouble.Credentials => (
            $"refused: {e.ErrorCode}",
            "the credentials are wrong, or have expired: see spec.encryption.kms.credentials, or where the AWS SDK looks for them",
            ExitCode.Failed),
        AmazonServiceException { StatusCode: not 0 } e => (
            $"{action} failed: {e.ErrorCode} (HTTP {(int)e.StatusCode})",
            "try it again; see the state of KMS in this region",
            ExitCode.Failed),
        _ when S3Faults.IsNoCredentials(failure) => (
            "no credentials were found",
            "name them in spec.encryption.kms.credentials, give the pods a role (IRSA, Pod Identity), or set them where the AWS SDK looks",
            ExitCode.Failed),
        _ => (
            $"KMS cannot be reached{(settings.Endpoint is { } endpoint ? $" at {endpoint.GetLeftPart(UriPartial.Authority)}" : "")}",
            "check spec.encryption.kms.region and endpoint, the DNS, and whether a firewall or NetworkPolicy is in between",
            ExitCode.Failed),
    };

    /// <summary>KMS has one code for a wrong secret key and for a wrong time. Its words: "Signature expired: … is now earlier than …", "Signature not yet current: …".</summary>
    private static bool IsClock(AmazonServiceException e) =>
        e.ErrorCode == BadSignature && e.Message.StartsWith("Signature ", StringComparison.Ordinal)
        && (e.Message.Contains("expired", StringComparison.Ordinal) || e.Message.Contains("not yet current", StringComparison.Ordinal));

    private static bool IsDenied(AmazonServiceException e) => e.ErrorCode is "AccessDeniedException" or "AccessDenied";

    /// <summary>As a shell takes it: a plan's own text, checked by its rules, or of a command line that never was.</summary>
    private static string Id(KmsSettings settings) => KmsArn.IsKeyId(settings.KeyId) ? settings.KeyId : "KEY";
}
