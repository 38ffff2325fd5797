namespace KubectlMlopsBackup.Output;

/// <summary>Files of the user's: one appears under its name only when it is whole and on the disk.</summary>
internal static class WholeFile
{
    private const int BufferSize = 1 << 20;

    /// <param name="write">Its result is passed on. What it throws leaves nothing behind.</param>
    /// <exception cref="UserError">The file exists, or cannot be written.</exception>
    public static async Task<T> WriteAsync<T>(string path, Func<Stream, Task<T>> write)
    {
        if (File.Exists(path))
        {
            throw new UserError($"{path} exists", "choose another name with --file, or remove it", ExitCode.Usage);
        }

        var partial = path + ".partial";
        try
        {
            T result;
            await using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, BufferSize))
            {
                result = await write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: false);
            return result;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UserError($"{path} cannot be written: {e.Message}", "choose another place with --file", inner: e);
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
