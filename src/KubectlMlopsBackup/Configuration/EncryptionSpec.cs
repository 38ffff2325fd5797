namespace KubectlMlopsBackup.Configuration;

/// <summary>Exactly one of the five is set.</summary>
internal sealed class EncryptionSpec
{
    public string? PassphraseFile { get; set; }

    public string? PassphraseEnv { get; set; }

    /// <summary>In the cluster only.</summary>
    public SecretKeySpec? PassphraseSecret { get; set; }

    public KmsSpec? Kms { get; set; }

    /// <summary>True: the repository is readable by whoever can read its files.</summary>
    public bool? None { get; set; }
}
