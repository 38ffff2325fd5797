using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Local;

namespace KubectlMlopsBackup.UnitTests.Configuration;

public sealed class SecretResolverTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("secret-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("hunter2", "hunter2")]
    [InlineData("hunter2\n", "hunter2")]
    [InlineData("hunter2\r\n", "hunter2")]
    [InlineData("hunter2\n\n", "hunter2\n")]
    [InlineData(" hunter 2 ", " hunter 2 ")]
    public void One_newline_at_the_end_is_no_part_of_the_secret(string content, string expected)
    {
        var secret = new SecretResolver().Passphrase(new EncryptionSpec { PassphraseFile = Write(content) });

        Assert.Equal(expected, secret!.Reveal());
    }

    [Fact]
    public void A_secret_does_not_print_itself() =>
        Assert.DoesNotContain("hunter2", new Secret("hunter2", "somewhere").ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("\n", "is empty")]
    [InlineData("hunter2\0", "zero byte")]
    public void A_file_that_holds_no_secret_is_refused(string content, string expected)
    {
        var path = Write(content);

        var error = Assert.Throws<UserError>(() => SecretResolver.FromFile("spec.encryption.passphraseFile", path));

        Assert.Equal(ExitCode.Usage, error.Code);
        Assert.StartsWith($"spec.encryption.passphraseFile: the file {path} ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_missing_too_large_or_not_text_is_refused()
    {
        var binary = Path.Combine(_folder.FullName, "binary");
        File.WriteAllBytes(binary, [0x41, 0xFF]);

        Assert.Contains("does not exist", Message(Path.Combine(_folder.FullName, "missing")), StringComparison.Ordinal);
        Assert.Contains("cannot be read", Message(_folder.FullName), StringComparison.Ordinal);
        Assert.Contains("larger than 64 KiB", Message(Write(new string('x', 70_000))), StringComparison.Ordinal);
        Assert.Contains("not UTF-8", Message(binary), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_everybody_can_read_is_warned_of()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such mode");
            return;
        }

        var path = Write("hunter2");
        var link = Path.Combine(_folder.FullName, "link");
        File.CreateSymbolicLink(link, path);

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Contains("every user", SecretResolver.FromFile("f", path).Warning, StringComparison.Ordinal);
        Assert.Contains("every user", SecretResolver.FromFile("f", link).Warning, StringComparison.Ordinal);

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Null(SecretResolver.FromFile("f", path).Warning);
        Assert.Null(SecretResolver.FromFile("f", link).Warning);
    }

    [Fact]
    public void An_environment_variable_is_read_and_must_not_be_empty()
    {
        var resolver = new SecretResolver(name => name switch { "SET" => "hunter2", "EMPTY" => "", _ => null });

        Assert.Equal("hunter2", resolver.PostgresPassword(new PostgresSpec { PasswordEnv = "SET" })!.Reveal());
        Assert.Null(resolver.PostgresPassword(new PostgresSpec()));
        Assert.Equal("libpq's", new SecretResolver(name => name == "PGPASSWORD" ? "libpq's" : null).PostgresPassword(new PostgresSpec())!.Reveal());
        Assert.Null(resolver.Passphrase(new EncryptionSpec { None = true }));
        var unset = Assert.Throws<UserError>(() => resolver.Passphrase(new EncryptionSpec { PassphraseEnv = "OTHER" }));
        Assert.Equal("spec.encryption.passphraseEnv: the environment variable OTHER is not set", unset.Message);
        var empty = Assert.Throws<UserError>(() => resolver.Passphrase(new EncryptionSpec { PassphraseEnv = "EMPTY" }));
        Assert.Contains("is empty", empty.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_of_the_cluster_is_refused_here_with_what_to_use_instead()
    {
        var resolver = new SecretResolver();
        var key = new SecretKeySpec { Name = "s", Key = "k" };

        var password = Assert.Throws<UserError>(() => resolver.PostgresPassword(new PostgresSpec { PasswordSecret = key }));
        var passphrase = Assert.Throws<UserError>(() => resolver.Passphrase(new EncryptionSpec { PassphraseSecret = key }));

        Assert.Equal("spec.postgres.passwordSecret names a Secret in the cluster, which --local does not reach", password.Message);
        Assert.Equal("use a plan for this machine, with passwordFile or passwordEnv in its place", password.Fix);
        Assert.StartsWith("spec.encryption.passphraseSecret names a Secret", passphrase.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, passphrase.Code);
    }

    [Theory]
    [InlineData("volume: {}", "spec.repositories[local].volume names a volume in the cluster")]
    [InlineData("s3: {bucket: abc, credentials: {secret: {name: s, accessKeyIdKey: a, secretAccessKeyKey: b}}}", "spec.repositories[local].s3.credentials.secret names a Secret in the cluster")]
    public void A_repository_of_the_cluster_is_refused_here(string place, string expected)
    {
        var repository = Plans.Load(Plans.Minimal.With("path: /backups", place)).Spec.Repositories[0];

        var error = Assert.Throws<UserError>(() => new StoreFactory(new SecretResolver(), TimeProvider.System).Create(repository));

        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, error.Code);
    }

    private static string Message(string path) => Assert.Throws<UserError>(() => SecretResolver.FromFile("f", path)).Message;

    private string Write(string content)
    {
        var path = Path.Combine(_folder.FullName, Guid.NewGuid().ToString("N"));
        File.WriteAllText(path, content);
        return path;
    }
}
