using System.Globalization;

namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>Turns what the file system says into what the user can mend.</summary>
internal static class DirectoryErrors
{
    // errno on Linux, then macOS where it differs, then the Windows HRESULT.
    private const int NoSpace = 28;
    private const int NoSpaceWindows = unchecked((int)0x80070070);
    private const int QuotaLinux = 122;
    private const int QuotaMac = 69;
    private const int ReadOnly = 30;
    private const int ReadOnlyWindows = unchecked((int)0x80070013);

    /// <returns>A <see cref="UserError"/>, or null where the failure is not the user's to mend.</returns>
    public static UserError? Explain(Exception failure, string path, string doing, long? freeBytes) => failure switch
    {
        IOException { HResult: NoSpace or NoSpaceWindows } => new UserError(
            $"no space left {doing} {path} ({Free(freeBytes)})",
            "free some space or enlarge the volume, then run it again; `prune` removes old backups, and nothing that was committed is lost",
            inner: failure),
        IOException { HResult: QuotaLinux or QuotaMac } => new UserError(
            $"the disk quota is used up {doing} {path} ({Free(freeBytes)})",
            "raise the quota or free some space, then run it again; nothing that was committed is lost",
            inner: failure),
        IOException { HResult: ReadOnly or ReadOnlyWindows } => new UserError(
            $"the file system is read-only {doing} {path}",
            "mount it writable; a file system that turned read-only by itself often has a failing disk: see the kernel's log",
            inner: failure),
        UnauthorizedAccessException => new UserError(
            $"permission denied {doing} {path}",
            $"let the user {Environment.UserName} read and write the repository; in a pod set securityContext.fsGroup to the volume's group",
            inner: failure),
        _ => null,
    };

    private static string Free(long? bytes) => bytes is null
        ? "free space unknown"
        : string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes free");
}
