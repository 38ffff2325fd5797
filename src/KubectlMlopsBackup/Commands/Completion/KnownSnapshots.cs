using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using KubectlMlopsBackup.Cluster.Access;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands.Completion;

/// <summary>
/// The ids of snapshots and recovery points: those that the last <c>list</c> and <c>backup</c> showed, and with <c>--local</c>
/// the names in the snapshots' folder, which need no key.
/// </summary>
internal static class KnownSnapshots
{
    /// <summary>Digits that the tables show, too.</summary>
    private const int Digits = 8;

    private const string NameTime = "yyyyMMdd't'HHmmss'z'";

    /// <summary>For <c>--from</c>.</summary>
    public static IEnumerable<CompletionItem> From(CompletionContext context) =>
        Ids(context).Prepend(new CompletionItem(RestoreSelection.Latest, detail: "the newest complete recovery point"));

    /// <summary>Newest first.</summary>
    public static IEnumerable<CompletionItem> Ids(CompletionContext context)
    {
        var parsed = context.ParseResult;
        return Known(parsed).Concat(parsed.GetValue(GlobalOptions.Local) ? InFolders(parsed) : [])
            .DistinctBy(n => n.Name)
            .OrderByDescending(n => n.Description, StringComparer.Ordinal)
            .Select(n => new CompletionItem(n.Name, detail: n.Description));
    }

    public static void Remember(ParseResult parsed, IEnumerable<ListedSnapshot> snapshots) =>
        Add(parsed, snapshots.Select(s => (s.Id[..Digits], Text(s.Time, s.Component.ToString().ToLowerInvariant()))), isGone: d => !IsPoint(d));

    public static void Remember(ParseResult parsed, IEnumerable<ListedRecoveryPoint> points) =>
        Add(parsed, points.Select(p => (p.Id[..Digits], Text(p.Time, p.Complete ? "recovery point" : "recovery point, incomplete"))), IsPoint);

    public static void Remember(ParseResult parsed, BackupOutcome outcome) => Add(
        parsed,
        outcome.Components.Where(c => c is { Snapshot: not null, Time: not null })
            .Select(c => (c.Snapshot![..Digits], Text(c.Time!.Value, c.Component.ToString().ToLowerInvariant()))),
        isGone: _ => false);

    private static bool IsPoint(string description) => description.Contains("recovery point", StringComparison.Ordinal);

    private static IReadOnlyList<(string Name, string Description)> Known(ParseResult parsed) =>
        KeyOf(parsed) is { } key ? NameCache.Default().Read(key) : [];

    /// <summary>Whose snapshots are meant: those of a plan's file, or of a namespace.</summary>
    /// <returns>Null where no cluster is named.</returns>
    private static string? KeyOf(ParseResult parsed)
    {
        if (parsed.GetValue(GlobalOptions.Local))
        {
            return $"plan {Path.GetFullPath(VerbContext.PathOf(parsed))}";
        }

        try
        {
            var access = ClusterAccess.Find(ClusterFlags.Read(parsed));
            return $"cluster {access.Cluster.Server} {access.Namespace}";
        }
        catch (UserError)
        {
            return null;
        }
    }

    /// <summary>Beside what is known already: a list of one kind does not make the other kind unknown.</summary>
    /// <param name="isGone">Of a description that is known already: if it is not named now, it is there no more.</param>
    private static void Add(ParseResult parsed, IEnumerable<(string Name, string Description)> names, Func<string, bool> isGone)
    {
        // A Job has nobody who completes anything.
        if (OutputFormats.Parse(parsed.GetValue(GlobalOptions.Output)) == OutputFormat.Events || KeyOf(parsed) is not { } key)
        {
            return;
        }

        var cache = NameCache.Default();
        cache.Write(
            key,
            names.Concat(cache.Read(key).Where(n => !isGone(n.Description))).DistinctBy(n => n.Name)
                .OrderByDescending(n => n.Description, StringComparer.Ordinal));
    }

    private static IEnumerable<(string Name, string Description)> InFolders(ParseResult parsed)
    {
        var path = VerbContext.PathOf(parsed);
        var plan = PlanLoader.Parse(File.ReadAllText(path), path, Path.GetDirectoryName(Path.GetFullPath(path))!);
        return
            from repository in plan.Spec.Repositories
            where repository.Path is not null
            let folder = new DirectoryInfo(Path.Combine(repository.Path!, "snapshots"))
            where folder.Exists
            from file in folder.EnumerateFiles()
                // The format's own names: TIME-SHA256.
            let parts = file.Name.Split('-')
            where parts.Length == 2 && parts[1].Length == 64
                && DateTime.TryParseExact(parts[0], NameTime, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out _)
            let time = DateTime.ParseExact(parts[0], NameTime, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal)
            select (parts[1][..Digits], Text(time, $"snapshot in {repository.Name}"));
    }

    /// <summary>The time first: it is what they are sorted by.</summary>
    private static string Text(DateTimeOffset time, string what) => $"{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} {what}";
}
