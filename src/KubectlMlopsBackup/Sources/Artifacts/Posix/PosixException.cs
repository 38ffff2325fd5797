using System.Runtime.InteropServices;

namespace KubectlMlopsBackup.Sources.Artifacts.Posix;

/// <summary>A system call failed.</summary>
/// <param name="error">errno.</param>
/// <param name="what">The call and the path.</param>
internal sealed class PosixException(int error, string what)
    : IOException($"{what}: {Marshal.GetPInvokeErrorMessage(error)}")
{
    public int Error { get; } = error;

    /// <summary>In words, without the path.</summary>
    public string Reason { get; } = Marshal.GetPInvokeErrorMessage(error);

    public bool IsNotFound => Error is LibC.NoEntry or LibC.NotDirectory;

    /// <summary>The call is not possible on this kind of file or file system.</summary>
    public bool IsInvalid => Error is LibC.Invalid;

    public bool IsNoSpace => Error is LibC.NoSpace or LibC.QuotaExceeded;
}
