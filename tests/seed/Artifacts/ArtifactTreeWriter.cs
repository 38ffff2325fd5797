using KubectlMlopsBackup.Seed.Model;

namespace KubectlMlopsBackup.Seed.Artifacts;

/// <summary>Writes the last day of a plan below a directory. Times, modes and bytes follow from the plan alone.</summary>
internal static class ArtifactTreeWriter
{
    private const int BufferSize = 1 << 20;
    private const UnixFileMode FileMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode DirectoryMode = FileMode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <exception cref="SeedError">A file of the plan is there already.</exception>
    public static void Write(ArtifactPlan plan, string root, CancellationToken cancellation)
    {
        var directories = Directories(plan);
        foreach (var directory in directories.Keys)
        {
            Directory.CreateDirectory(Path.Combine(root, directory));
        }

        // From the end: the weights are last in the plan, and a large file left for last would keep one thread alone.
        var options = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        var count = plan.Files.Count - plan.Start;
        Parallel.For(0, count, options, () => new byte[BufferSize], (i, _, buffer) => WriteFile(plan, plan.Files[plan.Files.Count - 1 - i], root, buffer), _ => { });

        // Deepest first: a directory's own time changes with every entry that is made in it.
        foreach (var (directory, time) in directories.OrderByDescending(d => d.Key, StringComparer.Ordinal))
        {
            var path = Path.Combine(root, directory);
            File.SetUnixFileMode(path, DirectoryMode);
            Directory.SetLastWriteTimeUtc(path, time);
        }
    }

    private static byte[] WriteFile(ArtifactPlan plan, ArtifactFile file, string root, byte[] buffer)
    {
        var path = Path.Combine(root, ArtifactPaths.Of(plan.Catalog, file));
        using var handle = Open(path);
        if (file.Size <= BufferSize)
        {
            var content = buffer.AsSpan(0, (int)file.Size);
            ArtifactContent.Fill(plan.Catalog, file, content);
            RandomAccess.Write(handle, content, 0);
        }
        else
        {
            var random = ArtifactContent.Random(plan.Catalog, file);
            for (long offset = 0; offset < file.Size; offset += BufferSize)
            {
                var content = buffer.AsSpan(0, (int)Math.Min(BufferSize, file.Size - offset));
                random.Fill(content);
                RandomAccess.Write(handle, content, offset);
            }
        }

        File.SetUnixFileMode(handle, FileMode);
        File.SetLastWriteTimeUtc(handle, FileTime(plan.Catalog, file));
        return buffer;
    }

    private static Microsoft.Win32.SafeHandles.SafeFileHandle Open(string path)
    {
        try
        {
            return File.OpenHandle(path, System.IO.FileMode.CreateNew, FileAccess.Write, FileShare.None);
        }
        catch (IOException error) when (File.Exists(path))
        {
            throw new SeedError($"--artifacts: {error.Message}");
        }
    }

    /// <summary>With a part below the microsecond, since restores that lose it are a known fault.</summary>
    private static DateTime FileTime(Catalog catalog, ArtifactFile file) =>
        OwnerTime(catalog, file).AddTicks(Mix.Below(Mix.Of(catalog.Seed, 'h', file.Source, file.Owner), 10_000_000));

    private static DateTime OwnerTime(Catalog catalog, ArtifactFile file) => Time(file.OwnerKind switch
    {
        OwnerKind.Run => Catalog.RunEnd(file.Owner),
        OwnerKind.LoggedModel => Catalog.RunEnd(catalog.RunOfModel(file.Owner)),
        _ => catalog.TraceTime(file.Owner),
    });

    private static DateTime Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime;

    /// <summary>Every directory of the day with the time it gets, the root (empty) included.</summary>
    private static Dictionary<string, DateTime> Directories(ArtifactPlan plan)
    {
        var last = Time(Catalog.RunEnd(plan.Catalog.Today.Runs.End - 1)).AddSeconds(2);
        var directories = new Dictionary<string, DateTime>(StringComparer.Ordinal) { [""] = last };
        if (plan.Catalog.Today.Number == 0)
        {
            for (var experiment = 0; experiment < plan.Catalog.Options.Experiments; experiment++)
            {
                directories[Catalog.Invariant($"{experiment}")] = last;
            }
        }

        for (var i = plan.Start; i < plan.Files.Count; i++)
        {
            var file = plan.Files[i];
            var owner = ArtifactPaths.Directory(plan.Catalog, file);
            var time = OwnerTime(plan.Catalog, file).AddSeconds(1);
            for (var path = Path.GetDirectoryName($"{owner}/{ArtifactPaths.Name(file)}")!; path.Length > 0; path = Path.GetDirectoryName(path)!)
            {
                // The owner and what is in it keep the owner's time; what is shared by owners (experiment, models, traces) the day's.
                var shared = path.Length < owner.Length - "/artifacts".Length;
                if (!directories.TryAdd(path, shared ? last : time))
                {
                    break;
                }
            }
        }

        return directories;
    }
}
