using System.Net.Http.Headers;
using System.Text;
using KubectlMlopsBackup.Configuration;
using Scriban.Syntax;

namespace KubectlMlopsBackup.Monitoring.Notifications;

/// <summary>
/// Tells those of <c>spec.notifications</c> how a run ended. It never throws and takes at most some seconds: that nobody could be told is no reason for a backup to fail.
/// An address is a secret, and in no message.
/// </summary>
/// <param name="warn">Told what could not be sent, and why.</param>
/// <param name="pause">Between two attempts.</param>
internal sealed class Notifier(Action<string> warn, TimeSpan pause)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public Notifier(Action<string> warn)
        : this(warn, TimeSpan.FromSeconds(1))
    {
    }

    public async Task SendAsync(IReadOnlyList<NotificationSpec> notifications, Notice notice)
    {
        // A Secret of the cluster is not to be had in this process; in a Job it is a file.
        var wanted = notifications.Where(n => n.UrlSecret is null && (n.IsAlways() || !notice.IsDone)).ToList();
        if (wanted.Count == 0)
        {
            return;
        }

        using var time = new CancellationTokenSource(Patience);
        using var client = Delivery.Client();
        await Task.WhenAll(wanted.Select(n => TrySendAsync(client, n, notice, time.Token)));
    }

    private async Task TrySendAsync(HttpClient client, NotificationSpec to, Notice notice, CancellationToken cancellationToken)
    {
        string? why;
        try
        {
            var body = NoticeBody.Of(to, notice);
            why = Address(to) is { } address ? await SendAsync(client, address, to.ContentType, body, cancellationToken) : "its address is no http or https URL";
        }
        catch (Exception e) when (e is UserError or ScriptRuntimeException)
        {
            why = e.Message;
        }
        catch (OperationCanceledException)
        {
            why = $"no answer within {Patience.TotalSeconds:0} seconds";
        }

        if (why is not null)
        {
            warn($"notification {to.Name} could not be sent: {why}");
        }
    }

    /// <returns>Why it was not sent; null where it was.</returns>
    private async Task<string?> SendAsync(HttpClient client, Uri address, string type, string body, CancellationToken cancellationToken)
    {
        HttpRequestMessage Request()
        {
            var content = new StringContent(body, Encoding.UTF8);
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            return new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        }

        return (await new Delivery(client, pause).SendAsync(Request, cancellationToken)).Failure;
    }

    private static Uri? Address(NotificationSpec to)
    {
        var secret = to.UrlFile is { } file
            ? SecretResolver.FromFile("spec.notifications urlFile", file)
            : new SecretResolver().FromEnvironment("spec.notifications urlEnv", to.UrlEnv!);
        return Uri.TryCreate(secret.Reveal(), UriKind.Absolute, out var address) && address is { Scheme: "http" or "https" } ? address : null;
    }
}
