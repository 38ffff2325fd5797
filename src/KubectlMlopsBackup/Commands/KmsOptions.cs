using System.CommandLine;
using KubectlMlopsBackup.Repository.Kms;

namespace KubectlMlopsBackup.Commands;

/// <summary>A key of AWS KMS on the command line.</summary>
internal static class KmsOptions
{
    /// <exception cref="UserError">It is no key.</exception>
    public static string Check(string keyId) => KmsArn.IsKeyId(keyId)
        ? keyId
        : throw new UserError(
            $"--kms-key-id {keyId} is no key of AWS KMS", "write its ARN, as arn:aws:kms:REGION:ACCOUNT:key/ID, its id, or alias/NAME", ExitCode.Usage);

    /// <summary>As above; null where the option is not given.</summary>
    public static string? Read(ParseResult parsed, Option<string> option) => parsed.GetValue(option) is { } keyId ? Check(keyId) : null;
}
