using KubectlMlopsBackup.Repository.Trees;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>
/// Makes the folders above an entry when the entry is wanted: with a filter, folders that hold nothing wanted are not made.
/// A tree from S3 has no folders at all; they are made here, too. For one thread.
/// </summary>
internal sealed class ParentMaker(EntryMaker maker, PathFilter filter)
{
    private byte[] made = [];

    /// <returns>Whether the entry is wanted; the folders above it are there then.</returns>
    public bool Prepare(TreeEntry entry)
    {
        if (entry.Path.Length == 0 || !filter.Selects(entry.Path))
        {
            return false;
        }

        var isDirectory = entry.Type == EntryType.Directory;
        var slash = Array.LastIndexOf(entry.Path, (byte)'/');
        Make(isDirectory ? entry.Path : slash < 0 ? [] : entry.Path[..slash]);
        return true;
    }

    private void Make(byte[] folder)
    {
        if (folder.AsSpan().SequenceEqual(made))
        {
            return;
        }

        for (var end = CommonLength(folder); end < folder.Length;)
        {
            var slash = Array.IndexOf(folder, (byte)'/', end == 0 ? 0 : end + 1);
            end = slash < 0 ? folder.Length : slash;
            maker.MakeDirectory(folder.AsSpan(0, end));
        }

        made = folder;
    }

    /// <summary>How much of the path, in whole components, is made already.</summary>
    private int CommonLength(byte[] folder)
    {
        var common = folder.AsSpan().CommonPrefixLength(made);
        var wholeHere = common == folder.Length || folder[common] == '/';
        var wholeThere = common == made.Length || made[common] == '/';
        return wholeHere && wholeThere ? common : Math.Max(0, folder.AsSpan(0, common).LastIndexOf((byte)'/'));
    }
}
