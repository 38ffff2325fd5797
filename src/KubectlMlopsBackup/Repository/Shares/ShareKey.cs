using System.Globalization;

namespace KubectlMlopsBackup.Repository.Shares;

/// <summary>Keys of what the processes of one run leave for each other.</summary>
internal static class ShareKey
{
    public const string Prefix = "shares/";
    public const int MaxRunLength = 63;

    public static string Folder(string run) => $"{Prefix}{run}/";

    public static string Plan(string run) => $"{Folder(run)}plan";

    public static string Committer(string run) => $"{Folder(run)}committer";

    public static string Share(string run, int index) => Folder(run) + index.ToString("D3", CultureInfo.InvariantCulture);

    /// <summary>The id of the run that a key belongs to; null where it is no such key.</summary>
    public static string? RunOf(string key) =>
        key.Split('/') is ["shares", var run, not ""] && IsRun(run) ? run : null;

    public static bool IsRun(ReadOnlySpan<char> run)
    {
        if (run.Length is 0 or > MaxRunLength || run[0] == '-')
        {
            return false;
        }

        foreach (var c in run)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')
            {
                return false;
            }
        }

        return true;
    }
}
