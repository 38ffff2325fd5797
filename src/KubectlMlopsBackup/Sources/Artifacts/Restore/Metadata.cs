using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Sources.Artifacts.Backup;
using KubectlMlopsBackup.Sources.Artifacts.Posix;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>Gives files and folders their owner, mode and time. Safe for concurrent use.</summary>
internal sealed class Metadata(bool noOwner, BackupProblems problems)
{
    /// <summary>Of an open file or folder, only what differs: an owner last set takes special bits away.</summary>
    public void Apply(Descriptor open, TreeEntry entry)
    {
        var now = open.Status();
        if (!noOwner && (now.Uid != entry.Uid || now.Gid != entry.Gid))
        {
            SetOwner(open, [], entry);
        }

        if (now.Permissions != entry.Mode || (entry.Mode & 0xE00) != 0)
        {
            open.SetMode(entry.Mode);
        }

        if (now.Modified.TotalNanoseconds != entry.ModifiedNanoseconds)
        {
            open.SetModified([], entry.ModifiedNanoseconds);
        }
    }

    /// <summary>Of a symbolic link, which has no mode.</summary>
    public void ApplyToLink(Descriptor parent, ReadOnlySpan<byte> name, TreeEntry entry)
    {
        if (!noOwner)
        {
            SetOwner(parent, name, entry);
        }

        parent.SetModified(name, entry.ModifiedNanoseconds);
    }

    private void SetOwner(Descriptor folder, ReadOnlySpan<byte> name, TreeEntry entry)
    {
        try
        {
            folder.SetOwner(name, entry.Uid, entry.Gid);
        }
        catch (PosixException e) when (e.Error == LibC.NotPermitted)
        {
            problems.Add(entry.Path, $"owner {entry.Uid}:{entry.Gid} may not be set by this user (run as root, or --no-owner)");
        }
    }
}
