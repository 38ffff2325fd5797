using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.InCluster.Installing;

/// <summary>A plan that names another key opens no repository that was made with the one before: what to do about it, said when it is installed.</summary>
internal static class KeyChangeNotice
{
    private const string AddIt = "kubectl mlopsbackup key add";

    /// <returns>What is wrong, and what to do; null where the key is the same.</returns>
    public static (string What, string Fix)? Of(EncryptionSpec? before, EncryptionSpec? after, string ns)
    {
        if (before is null || after is null || Text(before) == Text(after))
        {
            return null;
        }

        if (before.None is true)
        {
            return ("spec.encryption names a key, and repositories that are there were made without one: they stay as they are", "make new ones, and mirror into them");
        }

        const string what = "spec.encryption names another key than before: the repositories that are there open with the older one";
        return after.None is true
            ? ("spec.encryption names no key any more, and the repositories that are there need one: no backup can be made or read", "name it again")
            : before switch
            {
                { PassphraseSecret: { } secret } => (what, $"{AddIt} --old-passphrase-secret {secret.Name}/{secret.Key} -n {ns}; before that every backup fails"),
                { Kms: { } kms } => (what, $"{AddIt} --old-kms-key-id {kms.KeyId} -n {ns}; before that every backup fails"),
                _ => null,
            };
    }

    private static string Text(EncryptionSpec encryption) => encryption switch
    {
        { PassphraseSecret: { } secret } => $"{secret.Name}/{secret.Key}",
        { Kms: { } kms } => kms.KeyId,
        _ => "",
    };
}
