using KubectlMlopsBackup.Sources.Import;

namespace KubectlMlopsBackup.Local.Import;

/// <summary>Which files are meant, oldest first.</summary>
internal static class ImportFiles
{
    /// <summary>In a folder, only these are looked at; a file that is named is, whatever its name.</summary>
    private static readonly string[] Endings = [".sql", ".dump", ".pgdump", ".tar", ".tgz", ".sql.gz", ".dump.gz", ".tar.gz", ".sql.zst", ".dump.zst", ".tar.zst"];

    /// <exception cref="UserError">A path that is not there, a time in the future, or nothing at all.</exception>
    public static IReadOnlyList<ImportFile> Find(ImportRequest request, TimeZoneInfo zone, DateTimeOffset now)
    {
        var files = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var path in request.Paths.Select(Path.GetFullPath))
        {
            if (Directory.Exists(path))
            {
                files.UnionWith(Directory.EnumerateFiles(path).Where(f => Array.Exists(Endings, e => f.EndsWith(e, StringComparison.OrdinalIgnoreCase))));
            }
            else if (File.Exists(path))
            {
                files.Add(path);
            }
            else
            {
                throw new UserError($"{path} is not there", "name files, or a folder that has them", ExitCode.Usage);
            }
        }

        if (files.Count == 0)
        {
            throw new UserError("there is nothing to import", $"in a folder, files are looked for that end in {string.Join(", ", Endings)}", ExitCode.Usage);
        }

        if (request.At is not null && files.Count > 1)
        {
            throw new UserError($"--at is the time of one backup, and these are {files.Count}", "import them one by one, or leave --at out", ExitCode.Usage);
        }

        return [.. files.Select(f => Of(f, request.At, zone, now)).OrderBy(f => f.Time).ThenBy(f => f.Path, StringComparer.Ordinal)];
    }

    private static ImportFile Of(string path, DateTimeOffset? at, TimeZoneInfo zone, DateTimeOffset now)
    {
        var info = new FileInfo(path);
        var from = "--at";
        var time = at ?? ImportTime.Of(info.Name, new DateTimeOffset(info.LastWriteTimeUtc, TimeSpan.Zero), zone, out from);
        return time <= now
            ? new ImportFile(path, info.Length, time.ToUniversalTime(), from)
            : throw new UserError($"{path} would be of {time:u}, which is yet to come (by {from})", "say when it was made with --at", ExitCode.Usage);
    }
}
