using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace KubectlMlopsBackup.Repository.Retention;

/// <summary>Which process holds a lease, so that another on the same machine can tell whether it still runs. Linux.</summary>
/// <param name="Boot">The kernel's id of this boot: random, and so of this machine, too.</param>
/// <param name="Space">The kernel's name of the pid namespace. In another one (another container) the number means another process.</param>
/// <param name="Id">The process's number.</param>
/// <param name="Started">Clock ticks from boot to its start: numbers are used again.</param>
internal sealed record LeaseProcess(string Boot, string Space, int Id, long Started)
{
    /// <summary>Where the start is in <c>/proc/PID/stat</c>, from the state on, which comes after the name.</summary>
    private const int StartedField = 19;

    /// <summary>This process; null where the kernel does not say.</summary>
    public static LeaseProcess? Current { get; } = Find();

    public bool SharesNumbersWith(LeaseProcess? other) => other is not null && Boot == other.Boot && Space == other.Space;

    /// <summary>Whether it still runs. Asked of a process that shares its numbers with this one.</summary>
    public bool IsAlive()
    {
        try
        {
            // Finds processes of other users, too, which /proc may hide.
            using var process = Process.GetProcessById(Id);
        }
        catch (ArgumentException)
        {
            return false;
        }

        // One that is dead and not yet waited for by its parent does nothing any more.
        return Look(Id) is not { } found || (found.Started == Started && found.State is not ('Z' or 'X'));
    }

    private static LeaseProcess? Find()
    {
        try
        {
            return OperatingSystem.IsLinux()
                && new FileInfo("/proc/self/ns/pid").LinkTarget is { } space
                && Look(Environment.ProcessId) is { } self
                ? new LeaseProcess(
                    File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(), space, Environment.ProcessId, self.Started)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static (char State, long Started)? Look(int id)
    {
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            var fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return (fields[0][0], long.Parse(fields[StartedField], CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Win32Exception)
        {
            return null;
        }
    }
}
