namespace KubectlMlopsBackup.Sources.ClusterConfig;

/// <summary>Writes objects as files of a new folder. Their paths are made from their names, never taken from a repository.</summary>
internal static class ConfigFolder
{
    /// <summary>Secrets are among them: for their owner only.</summary>
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <param name="folder">Not there yet, or empty.</param>
    /// <exception cref="UserError">There is something in the folder, or it cannot be written.</exception>
    public static async Task WriteAsync(string folder, IReadOnlyList<ConfigObject> objects, CancellationToken cancellationToken)
    {
        try
        {
            if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
            {
                throw new UserError($"{folder} exists", "name another folder with --file", ExitCode.Usage);
            }

            Make(folder);
            foreach (var one in objects)
            {
                var path = Path.Combine(folder, one.Key.Path);
                Make(Path.GetDirectoryName(path)!);
                await using var file = new FileStream(path, Options());
                await file.WriteAsync(System.Text.Encoding.UTF8.GetBytes(ObjectYaml.Document(one)), cancellationToken);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{folder} cannot be written: {e.Message}", "name another folder with --file", ExitCode.Failed, e);
        }
    }

    private static void Make(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, Private);
        }
    }

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}
