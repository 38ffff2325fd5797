using KubectlMlopsBackup.Repository.Trees;
using KubectlMlopsBackup.Sources.Artifacts.Backup;
using KubectlMlopsBackup.Sources.Artifacts.Posix;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>Gives files and folders their owner, mode and time. Safe for concurrent use.</summary>
internal sealed class Metadata(bool noOwner, BackupProblems problems)
{
    /// <summary>Of an open file or folder, only what differs.</summary>
    public void Apply(Descriptor open, TreeEntry entry)
    {
        var now = open.Status();
        if (!noOwner && (now.Uid != entry.Uid || now.Gid != entry.Gid))
        {
            SetOwner(open, [], entry);
            // Another owner takes special bits away.
            now = open.Status();
        }

        try
        {
            if (now.Permissions != entry.Mode)
            {
                open.SetMode(entry.Mode);
            }

            if (now.Modified.TotalNanoseconds != entry.ModifiedNanoseconds)
            {
                open.SetModified([], entry.ModifiedNanoseconds);
            }
        }
        catch (PosixException e) when (e.Error == LibC.NotPermitted)
        {
            problems.Add(entry.Path, $"mode and time may not be set by this user: it belongs to user {now.Uid}");
        }
    }

    /// <summary>Of the tree's root. One that is someone else's is where a volume is mounted: it stays as the volume has it.</summary>
    public void ApplyToRoot(Descriptor root, TreeEntry entry)
    {
        var me = LibCUser.Id;
        if (me == 0 || root.Status().Uid == me)
        {
            Apply(root, entry);
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
