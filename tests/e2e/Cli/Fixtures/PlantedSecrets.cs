using System.Collections.Concurrent;
using System.Text;

namespace KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;

/// <summary>
/// Every password, passphrase and key that the tests give to the product. Nothing that it prints may hold one: whoever runs the binary under test looks for all of them, in all that it
/// said, and in what it made in a cluster.
/// </summary>
internal static class PlantedSecrets
{
    /// <summary>A shorter one would be found by chance.</summary>
    private const int Shortest = 8;

    private static readonly ConcurrentDictionary<string, string> Known = new(StringComparer.Ordinal);

    static PlantedSecrets()
    {
        // Those of examples/platform, of the backups of the tests' platforms, and the S3 server's.
        Add("try-it-out");
        Add("only-for-trying-it-out");
        foreach (var variable in new[] { "MLOPSBACKUP_TEST_S3_SECRET_KEY", "MLOPSBACKUP_TEST_S3_OTHER_SECRET_KEY" })
        {
            Add(Environment.GetEnvironmentVariable(variable) ?? "");
        }
    }

    /// <summary>From here on nobody may see it.</summary>
    public static void Add(string secret)
    {
        if (secret.Length >= Shortest)
        {
            Known[secret] = secret;
            // As objects of a cluster have it.
            Known[Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))] = secret;
        }
    }

    /// <summary>Fails the test where there is one.</summary>
    /// <param name="where">Whose words these are.</param>
    public static void Refuse(string where, string text)
    {
        foreach (var (form, secret) in Known)
        {
            Assert.False(text.Contains(form, StringComparison.Ordinal), $"{where}\nholds a secret, {secret[..2]}… of {secret.Length} characters:\n{text.Replace(form, "<<< HERE >>>", StringComparison.Ordinal)}");
        }
    }
}
