using System.CommandLine;
using System.Globalization;
using KubectlMlopsBackup.Repository.Shares;
using KubectlMlopsBackup.Repository.Snapshots;

namespace KubectlMlopsBackup.Commands;

/// <summary><c>--share INDEX/COUNT</c>: one process's part of what several do together, such as the pods of an Indexed Job.</summary>
internal static class ShareOption
{
    public static readonly Option<string?> Share = new("--share")
    {
        Description = "Do one share of the work, such as 0/3: the first of three. The other shares run elsewhere.",
        HelpName = "INDEX/COUNT",
    };

    public static readonly Option<string?> Run = new("--share-run")
    {
        Description = "The id that all shares of one backup have, and no other backup; such as a Job's uid.",
        HelpName = "ID",
    };

    /// <exception cref="UserError">A share is one process's; in the cluster, the plan says how many there are.</exception>
    public static void RefuseInCluster(ParseResult parsed)
    {
        if (parsed.GetResult(Share) is not null || parsed.GetResult(Run) is not null)
        {
            throw Wrong("--share is for --local", "in the cluster, spec.artifacts.parallelism in the plan says how many pods share a backup");
        }
    }

    /// <exception cref="UserError">One without the other, or not of the form.</exception>
    public static ShareId? OfRun(ParseResult parsed)
    {
        var share = parsed.GetValue(Share);
        var run = parsed.GetValue(Run);
        if (share is null && run is null)
        {
            return null;
        }

        if (share is null || run is null)
        {
            throw Wrong(
                share is null ? "--share-run without --share" : "--share without --share-run",
                "give both: --share INDEX/COUNT --share-run ID, the same ID for all shares of one backup");
        }

        if (!ShareKey.IsRun(run))
        {
            throw Wrong(
                $"--share-run: '{run}' cannot be an id", $"lower-case letters, digits and hyphens, at most {ShareKey.MaxRunLength}, such as a Job's uid");
        }

        var (index, count) = Parse(share);
        return new ShareId(run, index, count);
    }

    /// <exception cref="UserError">Not of the form, or not for the artifacts alone.</exception>
    public static (int Index, int Count)? OfArtifacts(ParseResult parsed, Component? component) =>
        parsed.GetValue(Share) is not { } share
            ? null
            : component == Component.Artifacts
                ? Parse(share)
                : throw Wrong("--share is for the artifacts alone", "run: restore artifacts --local --share INDEX/COUNT");

    /// <exception cref="UserError">Not of the form.</exception>
    public static (int Index, int Count) Parse(string share)
    {
        var slash = share.IndexOf('/', StringComparison.Ordinal);
        return slash > 0
            && int.TryParse(share.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && int.TryParse(share.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count is >= 1 and <= ShareId.MaxCount
            && index < count
                ? (index, count)
                : throw Wrong(
                    $"--share: '{share}' is no share",
                    $"INDEX/COUNT, the index from 0 to COUNT less one, COUNT from 1 to {ShareId.MaxCount}: 0/3, 1/3 and 2/3 are three shares");
    }

    /// <exception cref="UserError">A database has no shares.</exception>
    public static void OnlyForArtifacts(ShareId? share, IReadOnlyList<Component> components)
    {
        if (share is not null && components is not [Component.Artifacts])
        {
            throw Wrong("--share is for the artifacts alone", "run: backup artifacts --local --share INDEX/COUNT --share-run ID");
        }
    }

    private static UserError Wrong(string what, string fix) => new(what, fix, ExitCode.Usage);
}
