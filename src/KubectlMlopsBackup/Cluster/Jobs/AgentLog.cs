using System.Globalization;
using System.Text.Json;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Cluster.Jobs;

/// <summary>Follows the log of one pod to its end, across broken connections, no line twice.</summary>
internal sealed class AgentLog(ClusterApi api, string ns, string pod, TimeProvider clock)
{
    public const string Container = "agent";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private DateTimeOffset? last;

    /// <summary>Lines up to here were read before the connection broke.</summary>
    private DateTimeOffset? read;

    /// <summary>All that the container has said so far.</summary>
    /// <exception cref="ClusterException">The log may not be read, or is not there.</exception>
    public async Task ReadAsync(Action<string> line, CancellationToken cancellationToken)
    {
        await foreach (var text in api.LogAsync(ns, pod, Container, follow: false, null, null, cancellationToken))
        {
            IsNew(text, out var said);
            line(said);
        }
    }

    /// <summary>Returns once the container has ended and all of its log was read.</summary>
    /// <exception cref="ClusterException">The log may not be read.</exception>
    public async Task FollowAsync(Action<string> line, CancellationToken cancellationToken)
    {
        while (true)
        {
            var ended = await HasEndedAsync(cancellationToken);
            read = last;
            try
            {
                await foreach (var text in api.LogAsync(ns, pod, Container, follow: true, last, null, cancellationToken))
                {
                    if (IsNew(text, out var said))
                    {
                        line(said);
                    }
                }
            }
            catch (ClusterException e) when (e.IsTransient || e.Status == System.Net.HttpStatusCode.BadRequest)
            {
                // 400: the container is not there yet. Anything else: the connection broke.
                ended &= !e.IsTransient;
            }
            catch (ClusterException e) when (e.IsNotFound)
            {
                return;
            }

            if (ended)
            {
                return;
            }

            await Task.Delay(Pause, clock, cancellationToken);
        }
    }

    /// <summary>The agent's line of JSON; any other line is a note.</summary>
    public static ProgressEvent Parse(string line, TimeProvider clock)
    {
        if (line.StartsWith('{'))
        {
            try
            {
                if (JsonSerializer.Deserialize(line, ProgressJsonContext.Default.ProgressEvent) is { } said)
                {
                    return said;
                }
            }
            catch (JsonException)
            {
            }
        }

        return new ProgressEvent { Type = "note", Time = clock.GetUtcNow(), Message = line };
    }

    /// <summary>Whether the container had ended before the log was asked for: only then is the end of the log its end.</summary>
    private async Task<bool> HasEndedAsync(CancellationToken cancellationToken)
    {
        try
        {
            var found = await api.FindAsync(ApiResource.Pods, ns, pod, ClusterJson.Default.PodView, cancellationToken);
            return found is null || found.IsEnded || found.Container(Container)?.State?.Terminated is not null;
        }
        catch (ClusterException e) when (e.IsTransient)
        {
            return false;
        }
    }

    /// <summary>The API resumes at a second; lines carry their time to the nanosecond.</summary>
    private bool IsNew(string text, out string said)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0 || !DateTimeOffset.TryParse(text.AsSpan(0, space), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            said = text;
            return true;
        }

        said = text[(space + 1)..];
        last = time;
        return read is not { } seen || time > seen;
    }
}
