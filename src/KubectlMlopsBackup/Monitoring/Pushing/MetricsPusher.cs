using System.Net.Http.Headers;
using System.Text;
using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.Monitoring.Pushing;

/// <summary>
/// Pushes the figures of a run to those of <c>spec.monitoring.push</c>. It never throws and takes at most some seconds: that nobody took them is no reason for a backup to fail.
/// </summary>
/// <param name="warn">Told what could not be pushed, and why.</param>
/// <param name="pause">Between two attempts.</param>
internal sealed class MetricsPusher(Action<string> warn, TimeSpan pause)
{
    private const string Job = "mlopsbackup";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public MetricsPusher(Action<string> warn)
        : this(warn, TimeSpan.FromSeconds(1))
    {
    }

    /// <param name="plan">Its name.</param>
    /// <param name="time">Of the figures.</param>
    public async Task SendAsync(IReadOnlyList<PushSpec> targets, string plan, IReadOnlyList<FigureGroup> groups, DateTimeOffset time)
    {
        // A Secret of the cluster is not to be had in this process; in a Job it is a file.
        var wanted = targets.Where(t => t.HeadersSecret is null).ToList();
        if (wanted.Count == 0)
        {
            return;
        }

        using var limit = new CancellationTokenSource(Patience);
        using var client = Delivery.Client();
        await Task.WhenAll(wanted.Select(t => TrySendAsync(client, t, plan, groups, time, limit.Token)));
    }

    /// <summary>Where a Pushgateway keeps a group.</summary>
    /// <param name="plan">A DNS label, as the group's name is: nothing in it needs escaping.</param>
    public static Uri GatewayAddress(string url, string plan, string group) => new($"{url.TrimEnd('/')}/metrics/job/{Job}/plan/{plan}/part/{group}");

    public static Uri OtlpAddress(string url) => new(url.EndsWith("/v1/metrics", StringComparison.Ordinal) ? url : $"{url.TrimEnd('/')}/v1/metrics");

    private async Task TrySendAsync(
        HttpClient client, PushSpec to, string plan, IReadOnlyList<FigureGroup> groups, DateTimeOffset time, CancellationToken cancellationToken)
    {
        string? why;
        try
        {
            why = await SendAsync(new Delivery(client, pause), to, PushHeaders.Read(to), plan, groups, time, cancellationToken);
        }
        catch (Exception e) when (e is UserError or UriFormatException)
        {
            why = e.Message;
        }
        catch (OperationCanceledException)
        {
            why = $"no answer within {Patience.TotalSeconds:0} seconds";
        }

        if (why is not null)
        {
            warn($"metrics could not be pushed to {to.Name}: {why}");
        }
    }

    /// <returns>Why not all of it was sent; null where it was.</returns>
    private static async Task<string?> SendAsync(
        Delivery delivery, PushSpec to, IReadOnlyList<(string Name, string Value)> headers, string plan, IReadOnlyList<FigureGroup> groups, DateTimeOffset time, CancellationToken cancellationToken)
    {
        HttpRequestMessage Request(HttpMethod method, Uri address, byte[] body, string type)
        {
            var message = new HttpRequestMessage(method, address) { Content = new ByteArrayContent(body) };
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            foreach (var (name, value) in headers)
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }

            return message;
        }

        if (to.IsOtlp())
        {
            var body = OtlpJson.Write(plan, groups.SelectMany(g => g.Samples), time);
            var (answer, failure) = await delivery.SendAsync(() => Request(HttpMethod.Post, OtlpAddress(to.Url), body, "application/json"), cancellationToken);
            return failure ?? OtlpJson.Rejected(answer!);
        }

        foreach (var group in groups)
        {
            var body = Encoding.UTF8.GetBytes(OpenMetricsText.WritePlain(plan, group.Samples));
            var (_, failure) = await delivery.SendAsync(
                () => Request(HttpMethod.Put, GatewayAddress(to.Url, plan, group.Name), body, OpenMetricsText.PlainType), cancellationToken);
            if (failure is not null)
            {
                return failure;
            }
        }

        return null;
    }
}
