using System.Security.Cryptography;

namespace KubectlMlopsBackup.Escrow;

/// <summary>A passphrase that is written down and typed by hand: 160 random bits in groups, no letters that look alike.</summary>
internal static class RecoveryPassphrase
{
    public const int Groups = 8;

    private const int GroupLength = 4;

    /// <summary>Crockford's: without I, L, O and U. 32 of them, so that each stands for five bits.</summary>
    private const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static string Create() => string.Join('-', Enumerable.Range(0, Groups).Select(_ => RandomNumberGenerator.GetString(Letters, GroupLength)));

    /// <summary>As it was made, from what a person typed: any case, blanks or nothing between the groups, letters for the digits they look like.</summary>
    public static string Normalize(string typed)
    {
        var letters = string.Concat(typed.ToUpperInvariant().Where(c => !char.IsWhiteSpace(c) && c != '-').Select(c => c switch
        {
            'O' => '0',
            'I' or 'L' => '1',
            _ => c,
        }));
        return string.Join('-', letters.Chunk(GroupLength).Select(g => new string(g)));
    }

    /// <param name="group">From 1 on.</param>
    public static string Group(string passphrase, int group) => passphrase.Split('-')[group - 1];
}
