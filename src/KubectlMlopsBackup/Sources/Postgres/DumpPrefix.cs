namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>
/// A custom-format dump begins with its table of contents, which has all definitions in it: indexes, constraints,
/// functions. So its first bytes do for everything but the rows.
/// </summary>
internal static class DumpPrefix
{
    /// <summary>First try, in bytes: enough for a thousand tables.</summary>
    public const int FirstSize = 1 << 20;

    /// <summary>Each try is so many times longer than the one before.</summary>
    public const int Growth = 4;

    /// <summary>Reads the table of contents out of a dump's first bytes.</summary>
    /// <returns>Null where they are too few, or no dump.</returns>
    public static async Task<DumpContents?> ReadAsync(
        ClientTools tools, ReadOnlyMemory<byte> prefix, CancellationToken cancellationToken)
    {
        await using var child = ChildProcess.Start(tools.PgRestore, ["--list"], new Dictionary<string, string> { ["LC_ALL"] = "C" });
        var feeding = FeedAsync(child, prefix, cancellationToken);
        var lines = await LinesAsync(child, cancellationToken);
        await feeding;
        return await child.WaitAsync(cancellationToken) == 0 ? DumpContents.Parse(lines) : null;
    }

    private static async Task FeedAsync(ChildProcess child, ReadOnlyMemory<byte> prefix, CancellationToken cancellationToken)
    {
        try
        {
            await child.Input.WriteAsync(prefix, cancellationToken);
            await child.Input.FlushAsync(cancellationToken);
        }
        catch (IOException)
        {
            // It stops reading once it has seen enough.
        }

        child.CloseInput();
    }

    private static async Task<List<string>> LinesAsync(ChildProcess child, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(child.Output, leaveOpen: true);
        var lines = new List<string>();
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }
}
