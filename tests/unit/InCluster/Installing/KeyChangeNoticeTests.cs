using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.InCluster.Installing;

namespace KubectlMlopsBackup.UnitTests.InCluster.Installing;

public sealed class KeyChangeNoticeTests
{
    private static readonly EncryptionSpec First = new() { PassphraseSecret = new SecretKeySpec { Name = "first", Key = "passphrase" } };
    private static readonly EncryptionSpec Second = new() { PassphraseSecret = new SecretKeySpec { Name = "second", Key = "passphrase" } };
    private static readonly EncryptionSpec Kms = new() { Kms = new KmsSpec { KeyId = "alias/a", Region = "eu-central-1" } };
    private static readonly EncryptionSpec None = new() { None = true };

    [Fact]
    public void The_same_key_and_the_first_plan_are_no_news()
    {
        Assert.Null(KeyChangeNotice.Of(null, First, "ns"));
        Assert.Null(KeyChangeNotice.Of(First, new EncryptionSpec { PassphraseSecret = new SecretKeySpec { Name = "first", Key = "passphrase" } }, "ns"));
        Assert.Null(KeyChangeNotice.Of(None, new EncryptionSpec { None = true }, "ns"));
        Assert.Null(KeyChangeNotice.Of(Kms, new EncryptionSpec { Kms = new KmsSpec { KeyId = "alias/a", Region = "eu-central-1", Endpoint = "https://vpce" } }, "ns"));
    }

    [Fact]
    public void Another_key_is_told_with_the_command_that_adds_it()
    {
        Assert.Contains("key add --old-passphrase-secret first/passphrase -n ns", KeyChangeNotice.Of(First, Second, "ns")?.Fix, StringComparison.Ordinal);
        Assert.Contains("key add --old-passphrase-secret first/passphrase -n ns", KeyChangeNotice.Of(First, Kms, "ns")?.Fix, StringComparison.Ordinal);
        Assert.Contains("key add --old-kms-key-id alias/a -n ns", KeyChangeNotice.Of(Kms, First, "ns")?.Fix, StringComparison.Ordinal);
        Assert.Contains("mirror", KeyChangeNotice.Of(None, First, "ns")?.Fix, StringComparison.Ordinal);
        Assert.Contains("name it again", KeyChangeNotice.Of(First, None, "ns")?.Fix, StringComparison.Ordinal);
    }
}
