using KubectlMlopsBackup.Sources.Artifacts.Posix;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>Removes a folder and all in it, without following a link.</summary>
internal static class DirectoryRemoval
{
    public static void Run(Descriptor parent, ReadOnlySpan<byte> name)
    {
        using (var folder = parent.OpenDirectory(name))
        {
            var names = new List<(byte[] Name, bool IsDirectory)>();
            folder.ForEachName((child, _) => names.Add((child.ToArray(), folder.StatusOf(child).IsDirectory)));
            foreach (var (child, isDirectory) in names)
            {
                if (isDirectory)
                {
                    Run(folder, child);
                }
                else
                {
                    folder.Delete(child, isDirectory: false);
                }
            }
        }

        parent.Delete(name, isDirectory: true);
    }

    /// <summary>Removes a folder unless something is left in it, which a filter kept.</summary>
    public static void RunIfEmpty(Descriptor parent, ReadOnlySpan<byte> name)
    {
        try
        {
            parent.Delete(name, isDirectory: true);
        }
        catch (PosixException e) when (e.Error == LibC.NotEmpty)
        {
            // As it should be.
        }
    }
}
