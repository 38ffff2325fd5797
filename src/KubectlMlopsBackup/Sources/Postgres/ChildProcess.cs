using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>
/// A client tool that runs beside us. Its standard error is always drained, so that it can never block on it.
/// Disposing ends it: first politely (it then cancels its query on the server), then not.
/// </summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 200;
    private const int SigTerm = 15;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Process process;
    private readonly Queue<string> lines = new();
    private readonly Task stderr;

    private ChildProcess(Process process, Action<string>? onErrorLine)
    {
        this.process = process;
        stderr = DrainAsync(process.StandardError, onErrorLine);
    }

    public int Id => process.Id;

    public Stream Output => process.StandardOutput.BaseStream;

    public Stream Input => process.StandardInput.BaseStream;

    /// <summary>The last lines of standard error. Complete once <see cref="WaitAsync"/> has returned.</summary>
    public IReadOnlyCollection<string> ErrorLines
    {
        get
        {
            lock (lines)
            {
                return [.. lines];
            }
        }
    }

    /// <param name="program">Full path.</param>
    /// <param name="arguments">No secret may be in them.</param>
    /// <param name="environment">On top of ours; every PG* variable of ours is kept from it, but for PGPASSFILE.</param>
    /// <param name="onErrorLine">Called for each line of standard error, on another thread.</param>
    /// <exception cref="UserError">It cannot be started.</exception>
    public static ChildProcess Start(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        Action<string>? onErrorLine = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("PG", StringComparison.Ordinal)).ToArray())
        {
            if (name != "PGPASSFILE")
            {
                start.Environment.Remove(name);
            }
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            return new ChildProcess(
                Process.Start(start) ?? throw new UserError($"{program} did not start"), onErrorLine);
        }
        catch (Win32Exception e)
        {
            throw new UserError($"{program} cannot be run: {e.Message}", inner: e);
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken);
        await stderr.WaitAsync(cancellationToken);
        return process.ExitCode;
    }

    public void CloseInput()
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It is gone already; its exit code says why.
        }
    }

    /// <summary>Ends it at once, with its workers.</summary>
    public void Kill()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            if (!OperatingSystem.IsWindows())
            {
                _ = SendSignal(process.Id, SigTerm);
                using var grace = new CancellationTokenSource(Grace);
                try
                {
                    await process.WaitForExitAsync(grace.Token);
                }
                catch (OperationCanceledException)
                {
                    // The hard way follows.
                }
            }

            Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }

        process.Dispose();
    }

    private async Task DrainAsync(StreamReader reader, Action<string>? onErrorLine)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (lines)
            {
                if (lines.Count == KeptLines)
                {
                    lines.Dequeue();
                }

                lines.Enqueue(line);
            }

            onErrorLine?.Invoke(line);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);
}
