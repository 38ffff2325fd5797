using System.Globalization;

namespace KubectlMlopsBackup.Manifests;

/// <summary>Which try of its Job this process is: the Job's template passes it on.</summary>
/// <param name="Failed">How often it was tried before, and failed.</param>
/// <param name="Retries">How often the Job tries again, at most.</param>
internal sealed record JobAttempt(int Failed, int Retries)
{
    public const string FailedVariable = "MLOPSBACKUP_FAILED_ATTEMPTS";
    public const string RetriesVariable = "MLOPSBACKUP_RETRIES";

    /// <summary>Null where it is not known, or there is no Job.</summary>
    public static JobAttempt? Current { get; } =
        Of(Environment.GetEnvironmentVariable(FailedVariable), Environment.GetEnvironmentVariable(RetriesVariable));

    public static JobAttempt? Of(string? failed, string? retries) =>
        int.TryParse(failed, NumberStyles.None, CultureInfo.InvariantCulture, out var before) && int.TryParse(retries, NumberStyles.None, CultureInfo.InvariantCulture, out var again)
            ? new JobAttempt(before, again)
            : null;

    /// <summary>
    /// Whether the Job will do it once more after such an end. As its <c>podFailurePolicy</c> has it; of a cancelled one (a drained node, but also a Job past its deadline)
    /// this process cannot know.
    /// </summary>
    public bool IsTriedAgain(ExitCode code) => code is ExitCode.Failed or ExitCode.Locked && Failed < Retries;
}
