using KubectlMlopsBackup.Repository.Reading;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>A pattern with a slip in it would bring back nothing, and look like a success.</summary>
internal static class IncludeCheck
{
    /// <summary>Reads the tree up to where every pattern has been seen to fit.</summary>
    /// <param name="reader">The repository.</param>
    /// <param name="snapshot">Of files.</param>
    /// <param name="filter">Of all shares.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="UserError">A pattern of <c>--include</c> fits no path, or <c>--exclude</c> leaves nothing of what they fit.</exception>
    public static async Task RunAsync(ChunkReader reader, Snapshot snapshot, PathFilter filter, CancellationToken cancellationToken)
    {
        var open = filter.Include.ToList();
        if (open.Count == 0)
        {
            return;
        }

        var selected = false;
        await using (var tree = new TreeReader(reader, snapshot.Tree, $"snapshot {snapshot.ShortId}", cancellationToken))
        {
            while ((open.Count > 0 || !selected) && await tree.ReadAsync() is { } entry)
            {
                if (entry.Path.Length > 0)
                {
                    open.RemoveAll(p => p.Fits(entry.Path));
                    selected = selected || filter.Selects(entry.Path);
                }
            }
        }

        var paths = $"see what paths it has: kubectl mlopsbackup export {snapshot.Component.ToString().ToLowerInvariant()} --from {snapshot.ShortId} --format tar.gz --file - | tar -tz";
        if (open.Count > 0)
        {
            throw new UserError($"no path in snapshot {snapshot.ShortId} fits {string.Join(" or ", open.Select(p => $"'{p.Text}'"))}", paths, ExitCode.Usage);
        }

        if (!selected)
        {
            throw new UserError($"--exclude leaves nothing of what --include names in snapshot {snapshot.ShortId}", paths, ExitCode.Usage);
        }
    }
}
