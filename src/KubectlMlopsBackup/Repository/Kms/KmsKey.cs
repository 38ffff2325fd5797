using Amazon;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Repository.Kms;

/// <summary>
/// A key of AWS KMS, which never leaves it: KMS makes a wrapping key for each repository (GenerateDataKey) and gives it back to who may ask
/// (Decrypt). The repository's data key itself is not sent to it.
/// </summary>
internal sealed class KmsKey(KmsSettings settings) : RepositoryKey
{
    public const string Kdf = "aws-kms";

    /// <summary>Of the encryption context, which KMS writes into its log of uses and asks for again: the wrapped key is of no use for another repository.</summary>
    private const string ContextName = "mlopsbackup-repository";

    /// <summary>Bytes. KMS' own limit for a ciphertext.</summary>
    private const int LongestWrapped = 6144;

    private const int KeySize = 32;

    public override string Name => settings.ToString();

    public override string Hint => "check spec.encryption.kms.keyId in the plan: it names another key than the one that the repository was made with";

    public override async Task<KeyFile> WrapAsync(
        RepositorySecrets secrets, string repositoryId, string label, DateTimeOffset created, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(
            (client, token) => client.GenerateDataKeyAsync(
                new GenerateDataKeyRequest { KeyId = settings.KeyId, KeySpec = DataKeySpec.AES_256, EncryptionContext = Context(repositoryId) }, token),
            "kms:GenerateDataKey",
            cancellationToken);
        var wrapped = answer.CiphertextBlob?.ToArray() ?? [];
        if (answer.Plaintext?.ToArray() is not { Length: KeySize } key || wrapped.Length is 0 or > LongestWrapped)
        {
            throw Strange("GenerateDataKey");
        }

        return KeyFile.Seal(Kdf, key, secrets, repositoryId, label, created) with { KmsKeyId = answer.KeyId, KmsWrappedKey = Convert.ToHexStringLower(wrapped) };
    }

    public override async Task<RepositorySecrets?> UnwrapAsync(KeyFile file, string repositoryId, string name, CancellationToken cancellationToken)
    {
        if (file.Kdf != Kdf)
        {
            return null;
        }

        var wrapped = KeyFile.Hex(file.KmsWrappedKey, name);
        if (wrapped.Length is 0 or > LongestWrapped)
        {
            throw new RepositoryDamagedException(name, "has a wrapped key of a wrong length");
        }

        return await file.OpenAsync(() => DecryptAsync(wrapped, repositoryId, name, cancellationToken), repositoryId, name);
    }

    /// <returns>Null where the wrapped key is under another key than the plan's: whoever can write to the repository could else choose a key of his own.</returns>
    private async Task<byte[]?> DecryptAsync(byte[] wrapped, string repositoryId, string name, CancellationToken cancellationToken)
    {
        try
        {
            using var blob = new MemoryStream(wrapped, writable: false);
            var answer = await AskAsync(
                (client, token) => client.DecryptAsync(
                    new DecryptRequest { KeyId = settings.KeyId, CiphertextBlob = blob, EncryptionContext = Context(repositoryId), EncryptionAlgorithm = EncryptionAlgorithmSpec.SYMMETRIC_DEFAULT }, token),
                "kms:Decrypt",
                cancellationToken);
            return answer.Plaintext?.ToArray() is { Length: KeySize } key ? key : throw Strange("Decrypt");
        }
        catch (UserError e) when (e.InnerException?.InnerException is IncorrectKeyException)
        {
            return null;
        }
        catch (UserError e) when (e.InnerException?.InnerException is InvalidCiphertextException)
        {
            throw new RepositoryDamagedException(name, "has a wrapped key that KMS does not take: it was changed, or is another repository's", e);
        }
    }

    private async Task<T> AskAsync<T>(Func<AmazonKeyManagementServiceClient, CancellationToken, Task<T>> ask, string action, CancellationToken cancellationToken)
    {
        try
        {
            using var client = Client();
            return await ask(client, cancellationToken);
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException or HttpRequestException or IOException or TimeoutException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw KmsErrors.Explain(e, settings, action);
        }
    }

    /// <exception cref="UserError">No region.</exception>
    private AmazonKeyManagementServiceClient Client()
    {
        WebIdentity.Enable();
        var config = new AmazonKeyManagementServiceConfig
        {
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = settings.Retries,
            Timeout = settings.Timeout,
            ConnectTimeout = settings.Timeout / 2,
        };
        var region = KmsArn.Region(settings.KeyId) ?? settings.Region;
        if (settings.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.AbsoluteUri;
            config.AuthenticationRegion = region ?? WebIdentity.AnyRegion;
        }
        else if (region is not null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }
        else if (config.RegionEndpoint is null)
        {
            throw new UserError(
                $"{settings}: no region is set, in the plan or in the environment", "name the key by its ARN, or set spec.encryption.kms.region or AWS_REGION", ExitCode.Usage);
        }

        return settings.Credentials is { } credentials ? new AmazonKeyManagementServiceClient(credentials, config) : new AmazonKeyManagementServiceClient(config);
    }

    private UserError Strange(string call)
    {
        var message = $"{settings}: the answer to {call} is no key of {KeySize} bytes";
        return new UserError(message, "see whether spec.encryption.kms.endpoint is AWS KMS", ExitCode.Failed, new KmsException(message, new InvalidDataException()));
    }

    private static Dictionary<string, string> Context(string repositoryId) => new() { [ContextName] = repositoryId };
}
