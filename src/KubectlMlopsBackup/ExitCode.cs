namespace KubectlMlopsBackup;

/// <summary>
/// What the process says to its caller. A Job's <c>podFailurePolicy</c> reads the same numbers,
/// so a value is never given another meaning. Whatever is not listed means <see cref="Failed"/>.
/// </summary>
internal enum ExitCode
{
    Done = 0,
    Failed = 1,

    /// <summary>The command line or the plan is wrong; nothing was started.</summary>
    Usage = 2,

    /// <summary>Finished, but something was left out, and it was named.</summary>
    Incomplete = 3,

    /// <summary>A check found damage, or an RPO or RTO was missed.</summary>
    CheckFailed = 4,
    NoRepository = 10,
    Locked = 11,
    WrongKey = 12,
    Cancelled = 130,
}
