using System.Text.RegularExpressions;

namespace KubectlMlopsBackup.Configuration;

internal static partial class S3Rules
{
    /// <summary>S3 keys have at most 1,024 bytes; the repository's own names take less than 200.</summary>
    private const int LongestPrefix = 512;

    public static void Check(string path, IS3Spec s3, PlanProblems problems)
    {
        const string BucketWanted =
            "a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens, beginning and ending with a letter or digit, not like an IP address";
        if (s3.Bucket.Length == 0)
        {
            problems.AddMissing($"{path}.bucket", BucketWanted);
        }
        else if (!IsBucket(s3.Bucket))
        {
            problems.Add($"{path}.bucket", s3.Bucket, BucketWanted);
        }

        if (s3.Prefix.Length > LongestPrefix
            || s3.Prefix.Any(char.IsControl)
            || (s3.Prefix.Length > 0 && s3.Prefix.Split('/').Any(s => s is "" or "." or "..")))
        {
            problems.Add($"{path}.prefix", s3.Prefix, $"a path such as mlops/prod: no leading slash, no empty, \".\" or \"..\" parts, at most {LongestPrefix} characters");
        }

        CheckRegion($"{path}.region", s3.Region, problems);
        CheckEndpoint($"{path}.endpoint", s3.Endpoint, problems);
        PlanText.CheckOneOf($"{path}.checksums", s3.Checksums, problems, "whenRequired", "whenSupported");
        if (s3.Credentials is { } credentials)
        {
            CheckCredentials($"{path}.credentials", credentials, problems);
        }
    }

    public static void CheckRepository(string path, RepositoryS3Spec s3, PlanProblems problems)
    {
        Check(path, s3, problems);
        PlanText.CheckOneOf($"{path}.serverSideEncryption", s3.ServerSideEncryption, problems, "none", "AES256", "aws:kms");
        if (s3.KmsKeyId is not null && s3.ServerSideEncryption != "aws:kms")
        {
            problems.Add($"{path}.kmsKeyId", $"is set, but serverSideEncryption is {s3.ServerSideEncryption}; wants aws:kms there");
        }
        else if (s3.KmsKeyId is { } key && (key.Length is 0 or > 2_048 || key.Any(c => char.IsControl(c) || c == ' ')))
        {
            problems.Add($"{path}.kmsKeyId", key, "a key's id, ARN or alias");
        }

        if (s3.StorageClass is "GLACIER" or "DEEP_ARCHIVE")
        {
            problems.Add($"{path}.storageClass", s3.StorageClass, "a class that can be read at once, such as STANDARD_IA or GLACIER_IR: backups read what earlier ones wrote");
        }
        else if (s3.StorageClass is { } storageClass && !IsStorageClass(storageClass))
        {
            problems.Add($"{path}.storageClass", storageClass, "a storage class such as STANDARD or STANDARD_IA");
        }
    }

    public static bool IsBucket(string name) =>
        Bucket().IsMatch(name) && !name.Contains("..", StringComparison.Ordinal) && !IpAddress().IsMatch(name);

    public static bool IsStorageClass(string name) => StorageClass().IsMatch(name);

    public static void CheckRegion(string path, string? region, PlanProblems problems)
    {
        if (region is not null && !Region().IsMatch(region))
        {
            problems.Add(path, region, "a region such as eu-central-1");
        }
    }

    public static void CheckEndpoint(string path, string? endpoint, PlanProblems problems)
    {
        if (endpoint is null)
        {
            return;
        }

        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            var shown = endpoint.Contains('@', StringComparison.Ordinal) ? "something else (not shown: it may hold credentials)" : PlanProblems.Quote(endpoint);
            problems.Add(path, $"got {shown}; wants an http or https URL such as https://s3.example.com");
        }
        else if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            problems.Add(path, "got a URL with a user, password, query or fragment in it (not shown); wants scheme, host and port only, and the keys in credentials");
        }
    }

    public static void CheckCredentials(string path, S3CredentialsSpec credentials, PlanProblems problems)
    {
        var fromEnvironment = credentials.AccessKeyIdEnv is not null || credentials.SecretAccessKeyEnv is not null || credentials.SessionTokenEnv is not null;
        PlanText.CheckNotBoth(path, "the *Env fields", fromEnvironment, "file", credentials.File is not null, problems);
        PlanText.CheckNotBoth(path, "the *Env fields or file", fromEnvironment || credentials.File is not null, "secret", credentials.Secret is not null, problems);
        CheckSecret($"{path}.secret", credentials.Secret, problems);
        PlanText.CheckEnvironmentName($"{path}.accessKeyIdEnv", credentials.AccessKeyIdEnv, problems);
        PlanText.CheckEnvironmentName($"{path}.secretAccessKeyEnv", credentials.SecretAccessKeyEnv, problems);
        PlanText.CheckEnvironmentName($"{path}.sessionTokenEnv", credentials.SessionTokenEnv, problems);
        PlanText.CheckFilePath($"{path}.file", credentials.File, problems);
        if (fromEnvironment && credentials.AccessKeyIdEnv is null)
        {
            problems.AddMissing($"{path}.accessKeyIdEnv", "the name of an environment variable, as secretAccessKeyEnv has");
        }

        if (fromEnvironment && credentials.SecretAccessKeyEnv is null)
        {
            problems.AddMissing($"{path}.secretAccessKeyEnv", "the name of an environment variable, as accessKeyIdEnv has");
        }

        if (credentials.Profile is { } profile && (credentials.File is null || profile.Trim().Length == 0 || profile.Any(char.IsControl)))
        {
            problems.Add($"{path}.profile", profile, "the name of a profile in the credentials file that file names");
        }

        if (credentials.Expires is { } expires && CredentialExpiry.Day(expires) is null)
        {
            problems.Add($"{path}.expires", expires, "a day such as 2027-03-31");
        }

        if (!fromEnvironment && credentials.File is null && credentials.Secret is null && credentials.Profile is null
            && !problems.All.Any(p => p.Path.StartsWith($"{path}.", StringComparison.Ordinal)))
        {
            problems.Add(path, "is empty; wants accessKeyIdEnv and secretAccessKeyEnv, file, or secret; or leave it out to use the AWS SDK's usual places");
        }
    }

    private static void CheckSecret(string path, S3SecretSpec? secret, PlanProblems problems)
    {
        if (secret is not null)
        {
            KubernetesText.CheckName($"{path}.name", secret.Name, problems);
            KubernetesText.CheckKey($"{path}.accessKeyIdKey", secret.AccessKeyIdKey, problems);
            KubernetesText.CheckKey($"{path}.secretAccessKeyKey", secret.SecretAccessKeyKey, problems);
            if (secret.SessionTokenKey is { } token)
            {
                KubernetesText.CheckKey($"{path}.sessionTokenKey", token, problems);
            }
        }
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9]\z")]
    private static partial Regex Bucket();

    [GeneratedRegex(@"^\d+\.\d+\.\d+\.\d+\z")]
    private static partial Regex IpAddress();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9\-]{0,63}\z")]
    private static partial Regex Region();

    [GeneratedRegex(@"^[A-Za-z0-9_\-]{1,64}\z")]
    private static partial Regex StorageClass();
}
