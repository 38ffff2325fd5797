namespace KubectlMlopsBackup.Sources.Postgres;

internal static class TemporaryFile
{
    /// <summary>A new file that only our user can read.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="UserError">The temporary directory cannot be written to.</exception>
    public static async Task<string> WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Path.GetTempPath(), $"mlopsbackup-{Guid.NewGuid():N}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            await using var file = new FileStream(path, options);
            await file.WriteAsync(content, cancellationToken);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(path);
            throw new UserError(
                $"{Path.GetTempPath()} cannot take a temporary file of {content.Length} bytes: {e.Message}",
                "set TMPDIR to a directory that can be written to",
                inner: e);
        }
    }
}
