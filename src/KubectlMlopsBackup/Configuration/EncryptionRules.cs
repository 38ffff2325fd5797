namespace KubectlMlopsBackup.Configuration;

internal static class EncryptionRules
{
    private const string Section = "spec.encryption";
    private const string Choice =
        "exactly one of passphraseFile (a file that holds the passphrase), passphraseEnv (an environment variable that does), passphraseSecret (a Secret in the cluster), kms (a key of AWS KMS), "
        + "or none: true (whoever can read the repository can read the data). There is no default: with a passphrase or key, losing it "
        + "means losing every backup; without one, a leaked bucket means leaked data";

    public static void Check(EncryptionSpec? encryption, PlanProblems problems)
    {
        if (encryption is null)
        {
            problems.AddMissing(Section, Choice);
            return;
        }

        PlanText.CheckFilePath($"{Section}.passphraseFile", encryption.PassphraseFile, problems);
        PlanText.CheckEnvironmentName($"{Section}.passphraseEnv", encryption.PassphraseEnv, problems);
        KubernetesText.CheckSecretKey($"{Section}.passphraseSecret", encryption.PassphraseSecret, problems);
        if (encryption.Kms is { } kms)
        {
            KmsRules.Check($"{Section}.kms", kms, problems);
        }

        string[] set =
        [
            .. encryption.PassphraseFile is null ? Array.Empty<string>() : ["passphraseFile"],
            .. encryption.PassphraseEnv is null ? Array.Empty<string>() : ["passphraseEnv"],
            .. encryption.PassphraseSecret is null ? Array.Empty<string>() : ["passphraseSecret"],
            .. encryption.Kms is null ? Array.Empty<string>() : ["kms"],
            .. encryption.None is true ? ["none"] : Array.Empty<string>(),
        ];
        if (set.Length == 0)
        {
            // A misspelt field in the section is the likely cause, and has been named.
            if (!problems.All.Any(p => p.Path.StartsWith($"{Section}.", StringComparison.Ordinal)))
            {
                problems.Add(Section, $"makes no choice; wants {Choice}");
            }
        }
        else if (set.Length > 1)
        {
            problems.Add(Section, $"got {string.Join(" and ", set)}; wants {Choice}");
        }
    }
}
