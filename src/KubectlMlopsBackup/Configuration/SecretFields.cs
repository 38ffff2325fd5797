namespace KubectlMlopsBackup.Configuration;

/// <summary>Fields that people expect and that would hold a secret: the error says where the reference to it goes.</summary>
internal static class SecretFields
{
    /// <param name="parent">The path of the section that the unknown field is in.</param>
    /// <returns>Null if the name is not that of a secret.</returns>
    public static string? Explain(string parent, string field)
    {
        var word = field.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        var where = word switch
        {
            "password" or "pass" or "pgpassword" or "passphrase" or "secret" or "key" or "encryptionkey"
                when parent.StartsWith("spec.encryption", StringComparison.Ordinal) =>
                "put the passphrase into a file and name it in passphraseFile, or name an environment variable in passphraseEnv",
            "password" or "pass" or "pgpassword" =>
                "put the password into a file and name it in spec.postgres.passwordFile, or name an environment variable in spec.postgres.passwordEnv",
            "passphrase" or "encryptionkey" =>
                "put the passphrase into a file and name it in spec.encryption.passphraseFile, or name an environment variable in spec.encryption.passphraseEnv",
            "accesskeyid" or "accesskey" or "awsaccesskeyid" or "secretaccesskey" or "secretkey" or "awssecretaccesskey"
                or "sessiontoken" or "awssessiontoken" or "token" or "secret" =>
                "name environment variables in credentials.accessKeyIdEnv and .secretAccessKeyEnv, or an AWS credentials file in credentials.file",
            _ => null,
        };
        return where is null ? null : $"a plan holds no secrets, only where they are: {where}";
    }
}
