using System.Security.Cryptography;
using System.Text;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands.Completion;

/// <summary>
/// Names that were seen last, kept for completion: a shell cannot wait until a repository is opened.
/// One small file a list, below the user's cache folder. A cache that cannot be read or written is as good as an empty one.
/// </summary>
internal sealed class NameCache(string? folder)
{
    /// <summary>Names a list: no shell shows more.</summary>
    private const int Most = 500;

    /// <summary>Bytes; a file that is longer is not ours.</summary>
    private const int Largest = 1 << 20;

    /// <summary>Where the operating system keeps caches; nowhere where it has no such place.</summary>
    public static NameCache Default()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var caches = OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set && Path.IsPathRooted(set) ? set
            : home.Length > 0 ? Path.Combine(home, ".cache")
            : null;
        return new NameCache(caches is { Length: > 0 } ? Path.Combine(caches, "kubectl-mlopsbackup") : null);
    }

    /// <param name="list">What the names are of, such as a server and a namespace.</param>
    /// <returns>Each with its description; empty where none are known.</returns>
    public IReadOnlyList<(string Name, string Description)> Read(string list)
    {
        if (folder is null)
        {
            return [];
        }

        try
        {
            var file = new FileInfo(FileOf(list));
            return file is { Exists: true, Length: <= Largest }
                ? [.. File.ReadLines(file.FullName).Select(l => l.Split('\t', 2)).Where(f => f[0].Length > 0).Select(f => (f[0], f.Length > 1 ? f[1] : ""))]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public void Write(string list, IEnumerable<(string Name, string Description)> names)
    {
        if (folder is null)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(folder);
            var file = FileOf(list);
            // A name of its own: two shells may complete at once.
            var partial = $"{file}.{Environment.ProcessId}";
            File.WriteAllLines(partial, names.Take(Most).Select(n => $"{PlainText.Clean(n.Name)}\t{PlainText.Clean(n.Description)}"));
            File.Move(partial, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without it there is less to complete, and that is all.
        }
    }

    private string FileOf(string list) =>
        Path.Combine(folder!, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list)).AsSpan(0, 16)));
}
