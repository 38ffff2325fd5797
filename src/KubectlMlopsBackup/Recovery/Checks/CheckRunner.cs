using System.Text.Json;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Output;
using Npgsql;

namespace KubectlMlopsBackup.Recovery.Checks;

/// <summary>
/// Tries a check until it passes or its deadline is over: a platform that was just started takes its time. However it goes, it ends within the deadline and
/// one timeout.
/// </summary>
internal static class CheckRunner
{
    private const int LongestEvidence = 400;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public static async Task<CheckResult> RunAsync(
        CheckSpec spec, Func<CancellationToken, Task<CheckFinding>> attempt, TimeProvider clock, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        var deadline = spec.DeadlineDuration();
        var pause = FirstPause;
        for (var attempts = 1; ; attempts++)
        {
            var finding = await TryAsync(spec.TimeoutDuration(), attempt, clock, cancellationToken);
            var elapsed = clock.GetElapsedTime(began);
            if (finding.Final || elapsed + pause > deadline)
            {
                return new CheckResult
                {
                    Name = spec.Name,
                    Kind = spec.Kinds()[0],
                    Outcome = finding.Outcome,
                    Evidence = PlainText.Cut(PlainText.Clean(finding.Evidence), LongestEvidence),
                    Seconds = Math.Round(elapsed.TotalSeconds, 3),
                    Attempts = attempts,
                    Consistency = finding.Consistency,
                };
            }

            await Task.Delay(pause, clock, cancellationToken);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private static async Task<CheckFinding> TryAsync(
        TimeSpan timeout, Func<CancellationToken, Task<CheckFinding>> attempt, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, time.Token);
        try
        {
            return await attempt(either.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested
            && (time.IsCancellationRequested || e is OperationCanceledException or TimeoutException))
        {
            return CheckFinding.NotYet($"no answer within {Humanize.Duration(timeout)}");
        }
        catch (Exception e) when (e is UserError { Code: ExitCode.Usage })
        {
            return CheckFinding.Failed(e.Message);
        }
        catch (Exception e) when (e is UserError or IOException or HttpRequestException or InvalidDataException or JsonException or NpgsqlException)
        {
            return CheckFinding.NotYet(e.Message);
        }
    }
}
