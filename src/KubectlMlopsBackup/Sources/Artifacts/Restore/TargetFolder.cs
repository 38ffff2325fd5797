using KubectlMlopsBackup.Sources.Artifacts.Posix;

namespace KubectlMlopsBackup.Sources.Artifacts.Restore;

/// <summary>
/// Opens the folders of a restore's target and follows no link, in no component, so that nothing is written outside
/// of it, whatever lies there. Remembers the last folder. For one thread.
/// </summary>
internal sealed class TargetFolder(Descriptor root) : IDisposable
{
    private Descriptor? last;
    private byte[] lastPath = [];

    /// <summary>The folder that holds the name at the end of <paramref name="path"/>; valid until the next call.</summary>
    /// <exception cref="PosixException">A component is missing, is a link, or is no folder.</exception>
    public Descriptor ParentOf(ReadOnlySpan<byte> path)
    {
        var slash = path.LastIndexOf((byte)'/');
        return slash < 0 ? root : Open(path[..slash]);
    }

    /// <summary>A folder itself; valid until the next call.</summary>
    public Descriptor Open(ReadOnlySpan<byte> folder)
    {
        if (folder.IsEmpty)
        {
            return root;
        }

        if (last is not null && folder.SequenceEqual(lastPath))
        {
            return last;
        }

        last?.Dispose();
        last = null;
        last = root.OpenDirectoryBelow(folder);
        lastPath = folder.ToArray();
        return last;
    }

    public static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> path) => path[(path.LastIndexOf((byte)'/') + 1)..];

    public void Dispose() => last?.Dispose();
}
