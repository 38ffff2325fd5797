using System.Text;

namespace KubectlMlopsBackup.Configuration;

/// <summary>Reads the secrets that the plan refers to. A value is in no message and no exception.</summary>
/// <param name="environment">Null for the process's own.</param>
internal sealed class SecretResolver(Func<string, string?>? environment = null)
{
    /// <summary>Bytes. Longer ones are not secrets but the wrong file.</summary>
    private const int Largest = 64 * 1024;

    private const string LibpqPassword = "PGPASSWORD";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Func<string, string?> _environment = environment ?? Environment.GetEnvironmentVariable;

    /// <summary>Where the plan names none, that of PGPASSWORD, as libpq has it; null where there is none either: its other ways apply (~/.pgpass, trust).</summary>
    /// <exception cref="UserError">It cannot be read, or is empty.</exception>
    public Secret? PostgresPassword(PostgresSpec postgres) => postgres switch
    {
        { PasswordFile: { } file } => FromFile("spec.postgres.passwordFile", file),
        { PasswordEnv: { } name } => FromEnvironment("spec.postgres.passwordEnv", name),
        { PasswordSecret: not null } => throw ClusterOnly("spec.postgres.passwordSecret", "a Secret", "passwordFile or passwordEnv"),
        // The client tools are given no variable of libpq's but those that the plan means.
        _ => _environment(LibpqPassword) is { Length: > 0 } own ? new Secret(own, $"environment variable {LibpqPassword}") : null,
    };

    /// <summary>Null for <c>none: true</c>, and for a key of KMS.</summary>
    /// <exception cref="UserError">It cannot be read, or is empty.</exception>
    public Secret? Passphrase(EncryptionSpec encryption) => encryption switch
    {
        { PassphraseFile: { } file } => FromFile("spec.encryption.passphraseFile", file),
        { PassphraseEnv: { } name } => FromEnvironment("spec.encryption.passphraseEnv", name),
        { PassphraseSecret: not null } => throw ClusterOnly("spec.encryption.passphraseSecret", "a Secret", "passphraseFile or passphraseEnv"),
        _ => null,
    };

    /// <summary>What to say where a plan for the cluster is used with <c>--local</c>.</summary>
    /// <param name="what">Such as "a Secret".</param>
    /// <param name="instead">The fields that work here.</param>
    public static UserError ClusterOnly(string field, string what, string instead) => new(
        $"{field} names {what} in the cluster, which --local does not reach",
        $"use a plan for this machine, with {instead} in its place",
        ExitCode.Usage);

    /// <param name="field">The field or flag that names the variable, for messages.</param>
    /// <exception cref="UserError">The variable is not set, or empty.</exception>
    public Secret FromEnvironment(string field, string name)
    {
        var value = _environment(name);
        return string.IsNullOrEmpty(value)
            ? throw new UserError(
                $"{field}: the environment variable {name} is {(value is null ? "not set" : "empty")}",
                $"set {name} before running this",
                ExitCode.Usage)
            : new Secret(value, $"environment variable {name}");
    }

    /// <summary>One newline at the end is cut off: editors and <c>echo</c> put it there.</summary>
    /// <param name="field">The field or flag that names the file, for messages.</param>
    /// <exception cref="UserError">The file cannot be read, is empty, too large, or not text.</exception>
    public static Secret FromFile(string field, string path)
    {
        byte[] bytes;
        try
        {
            bytes = Read(field, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var what = e is FileNotFoundException or DirectoryNotFoundException ? "does not exist" : $"cannot be read: {e.Message}";
            throw new UserError($"{field}: the file {path} {what}", null, ExitCode.Usage, e);
        }

        string value;
        try
        {
            value = StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            // The exception names bytes of the secret, so it is not passed on.
            throw new UserError($"{field}: the file {path} is not UTF-8 text", null, ExitCode.Usage);
        }

        value = WithoutNewline(value);
        if (value.Length == 0)
        {
            throw new UserError($"{field}: the file {path} is empty", null, ExitCode.Usage);
        }

        if (value.Contains('\0', StringComparison.Ordinal))
        {
            throw new UserError($"{field}: the file {path} holds a zero byte, so it is not a text", null, ExitCode.Usage);
        }

        return new Secret(value, path, WarnOfMode(path));
    }

    /// <summary>As secrets are compared: the same text from a file, and from a Secret that was made of that file.</summary>
    public static string WithoutNewline(string value) =>
        value.EndsWith("\r\n", StringComparison.Ordinal) ? value[..^2] : value.EndsWith('\n') ? value[..^1] : value;

    private static byte[] Read(string field, string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        using var content = new MemoryStream();
        var buffer = new byte[4096];
        int count;
        while ((count = file.Read(buffer)) > 0)
        {
            content.Write(buffer, 0, count);
            if (content.Length > Largest)
            {
                throw new UserError($"{field}: the file {path} is larger than 64 KiB, so it is not a secret", null, ExitCode.Usage);
            }
        }

        return content.ToArray();
    }

    private static string? WarnOfMode(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        var target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        return (File.GetUnixFileMode(target) & UnixFileMode.OtherRead) != 0
            ? $"{path} can be read by every user of this machine; run: chmod o-rwx {path}"
            : null;
    }
}
