using System.Formats.Tar;
using System.Runtime.InteropServices;

namespace KubectlMlopsBackup.Sources.Import;

/// <summary>
/// Unpacks an archive into an empty folder of its own. Nothing leaves it: no path climbs out, and nothing is written through a link.
/// Links themselves are kept as they are.
/// </summary>
internal sealed partial class TarExtract(string folder)
{
    private const int BufferSize = 1 << 20;
    private const UnixFileMode OwnerAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly HashSet<string> directories = [""];
    private readonly Dictionary<string, TarEntry> directoryEntries = [];
    private readonly bool root = OperatingSystem.IsLinux() && Geteuid() == 0;

    public long Files { get; private set; }

    /// <param name="archive">Read to its end.</param>
    /// <exception cref="InvalidDataException">It is damaged, cut off, or would write elsewhere.</exception>
    public async Task RunAsync(Stream archive, CancellationToken cancellationToken)
    {
        await using var watched = new TarEndStream(archive);
        await using (var reader = new TarReader(watched, leaveOpen: true))
        {
            while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
            {
                await WriteAsync(entry, cancellationToken);
            }
        }

        if (!watched.EndsInZeros)
        {
            throw new InvalidDataException("the archive does not end as archives do");
        }

        // What follows is padding; a compressed archive has its checksum behind it.
        await watched.CopyToAsync(Stream.Null, cancellationToken);
        foreach (var (path, entry) in directoryEntries.OrderByDescending(d => d.Key.Length))
        {
            Finish(Path.Combine(folder, path), entry, OwnerAll);
            Directory.SetLastWriteTimeUtc(Path.Combine(folder, path), entry.ModificationTime.UtcDateTime);
        }
    }

    private async Task WriteAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        if (entry.EntryType is TarEntryType.GlobalExtendedAttributes or TarEntryType.ExtendedAttributes)
        {
            return;
        }

        var path = Inside(entry.Name, entry.Name);
        if (path.Length == 0)
        {
            if (entry.EntryType is TarEntryType.Directory)
            {
                return;
            }

            throw new InvalidDataException($"an entry named {entry.Name} is no folder");
        }

        if (entry.EntryType is TarEntryType.Directory)
        {
            MakeDirectory(path);
            directoryEntries[path] = entry;
            return;
        }

        MakeDirectory(Path.GetDirectoryName(path)!);
        var target = Path.Combine(folder, path);
        if (directories.Contains(path))
        {
            throw new InvalidDataException($"{path} is a folder, and again a file");
        }

        // The last one counts, where an archive was appended to.
        File.Delete(target);
        switch (entry.EntryType)
        {
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                await WriteFileAsync(entry, target, cancellationToken);
                break;
            case TarEntryType.SymbolicLink:
                File.CreateSymbolicLink(target, entry.LinkName);
                Own(target, entry);
                break;
            case TarEntryType.HardLink:
                var linked = Path.Combine(folder, Inside(entry.LinkName, entry.Name));
                if (!File.Exists(linked) || File.GetAttributes(linked).HasFlag(FileAttributes.ReparsePoint) || !directories.Contains(Path.GetDirectoryName(Inside(entry.LinkName, entry.Name))!))
                {
                    throw new InvalidDataException($"{entry.Name} is a link to {entry.LinkName}, which is no file before it");
                }

                File.Copy(linked, target);
                Finish(target, entry, default);
                File.SetLastWriteTimeUtc(target, File.GetLastWriteTimeUtc(linked));
                Files++;
                break;
            default:
                throw new InvalidDataException($"{entry.Name} is neither file, folder nor link, but {entry.EntryType}");
        }
    }

    private async Task WriteFileAsync(TarEntry entry, string target, CancellationToken cancellationToken)
    {
        await using (var file = new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize))
        {
            if (entry.DataStream is { } content)
            {
                await content.CopyToAsync(file, BufferSize, cancellationToken);
            }

            if (file.Length != entry.Length)
            {
                throw new InvalidDataException($"{entry.Name} has {file.Length} bytes, {entry.Length} are announced");
            }
        }

        Finish(target, entry, default);
        File.SetLastWriteTimeUtc(target, entry.ModificationTime.UtcDateTime);
        Files++;
    }

    /// <summary>The path below the folder, without a slash at its ends.</summary>
    private static string Inside(string name, string entry)
    {
        var parts = name.Split('/').Where(p => p is not ("" or ".")).ToList();
        if (name.Contains('\0', StringComparison.Ordinal) || parts.Contains(".."))
        {
            throw new InvalidDataException($"{entry} leads out of the archive ({name})");
        }

        return string.Join('/', parts);
    }

    /// <summary>With all above it. Only folders that were made here are gone into: never a link.</summary>
    private void MakeDirectory(string path)
    {
        if (directories.Contains(path))
        {
            return;
        }

        MakeDirectory(Path.GetDirectoryName(path)!);
        var target = Path.Combine(folder, path);
        if (Path.Exists(target) || new FileInfo(target).LinkTarget is not null)
        {
            throw new InvalidDataException($"{path} is a file or a link, and again a folder");
        }

        Directory.CreateDirectory(target);
        directories.Add(path);
    }

    private void Finish(string target, TarEntry entry, UnixFileMode least)
    {
        Own(target, entry);
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Permissions = (UnixFileMode)0x1ff;
            File.SetUnixFileMode(target, (entry.Mode & Permissions) | least | UnixFileMode.UserRead);
        }
    }

    /// <summary>Only root may give files away.</summary>
    private void Own(string target, TarEntry entry)
    {
        if (root && Lchown(target, entry.Uid, entry.Gid) != 0)
        {
            throw new IOException($"{target} cannot be given to {entry.Uid}:{entry.Gid} (errno {Marshal.GetLastPInvokeError()})");
        }
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint Geteuid();

    [LibraryImport("libc", EntryPoint = "lchown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Lchown(string path, int uid, int gid);
}
