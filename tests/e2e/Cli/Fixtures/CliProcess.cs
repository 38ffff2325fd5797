using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;

/// <summary>A run of the binary that can be interrupted or killed.</summary>
internal sealed partial class CliProcess : IDisposable
{
    private const int SigInt = 2;

    private readonly Process process;
    private readonly string command;
    private readonly bool isProduct;
    private readonly MemoryStream output = new();
    private readonly Task readers;
    private readonly Task<string> error;

    public CliProcess(
        string binary,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment,
        string? folder,
        string? input)
    {
        // A shell's background jobs, and so all that they start, do not hear Ctrl-C unless they are told to.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", binary, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        foreach (var name in start.Environment.Keys.Where(IsOfTheDeveloper).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        isProduct = Path.GetFileName(binary).StartsWith("kubectl-mlopsbackup", StringComparison.Ordinal);
        command = $"{Path.GetFileName(binary)} {string.Join(' ', start.ArgumentList.Skip(2))}";
        process = Process.Start(start)!;
        readers = ReadAsync();
        error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        if (input is not null)
        {
            process.StandardInput.Write(input);
        }

        process.StandardInput.Close();
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public Task Exited => process.WaitForExitAsync(CancellationToken.None);

    /// <summary>Of standard output.</summary>
    public string OutputSoFar
    {
        get
        {
            lock (output)
            {
                return Encoding.UTF8.GetString(output.ToArray());
            }
        }
    }

    public void Interrupt() => Assert.Equal(0, SendSignal(process.Id, SigInt));

    /// <summary>As <c>kill -9</c> does.</summary>
    public void Kill()
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    /// <exception cref="TimeoutException">It has not ended by then; it is killed.</exception>
    public async Task<CliResult> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(timeout);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException($"{command}\nwas not done after {timeout}: {await error}");
        }

        await readers;
        var result = new CliResult(command, process.ExitCode, output.ToArray(), await error);
        if (isProduct)
        {
            PlantedSecrets.Refuse(command, result.Output);
            PlantedSecrets.Refuse(command, result.Error);
        }

        return result;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
        output.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 << 10];
        int count;
        while ((count = await process.StandardOutput.BaseStream.ReadAsync(buffer, CancellationToken.None)) > 0)
        {
            lock (output)
            {
                output.Write(buffer, 0, count);
            }
        }
    }

    private static bool IsOfTheDeveloper(string name) =>
        name.StartsWith("PG", StringComparison.Ordinal)
        || name.StartsWith("AWS_", StringComparison.Ordinal)
        || name is "KUBECONFIG"
        || name.StartsWith("MLOPSBACKUP_", StringComparison.Ordinal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);
}
