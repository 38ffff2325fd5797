using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;

namespace KubectlMlopsBackup.Cluster.Exec;

/// <summary>
/// Runs a command in a container and takes what it prints, through the API server: no port-forward, no tar in the image.
/// The protocol is <c>v5.channel.k8s.io</c> (and v4): frames that begin with the number of a channel.
/// Source: k8s.io/apimachinery/pkg/util/remotecommand.
/// </summary>
internal sealed class PodExec(ClusterApi api, string ns)
{
    private const byte Input = 0;
    private const byte Output = 1;
    private const byte Errors = 2;
    private const byte Verdict = 3;

    private const int BufferBytes = 128 * 1024;

    /// <summary>Of a frame: what kubectl sends.</summary>
    private const int InputBytes = 32 * 1024;

    /// <param name="output">Gets the bytes of standard output as they come; they are its only until it returns.</param>
    /// <param name="error">Gets standard error, in pieces.</param>
    /// <param name="input">Standard input. It stays open behind it (older servers cannot close it): the command has to know how much it gets.</param>
    /// <returns>The command's exit code.</returns>
    /// <exception cref="ClusterException">Refused; or the connection broke, so that the output is not whole.</exception>
    public async Task<int> RunAsync(
        string pod,
        string container,
        IReadOnlyList<string> command,
        Func<ReadOnlyMemory<byte>, ValueTask> output,
        Action<string> error,
        CancellationToken cancellationToken,
        ReadOnlyMemory<byte> input = default)
    {
        var query = string.Join('&', command.Select(c => $"command={Uri.EscapeDataString(c)}"))
            + $"&container={Uri.EscapeDataString(container)}&stdout=true&stderr=true{(input.IsEmpty ? "" : "&stdin=true")}";
        // Over WebSockets it is a GET, and since Kubernetes 1.35 needs the right to create all the same.
        var call = new ApiCall("create", ApiResource.Pods, ns, pod, "exec", query);
        using var socket = new ClientWebSocket();
        await ConnectAsync(socket, call, cancellationToken);
        var verdict = new StringBuilder();
        var buffer = new byte[BufferBytes];
        try
        {
            await SendAsync(socket, input, cancellationToken);
            await ReadAsync(socket, buffer, output, error, verdict, cancellationToken);
        }
        catch (Exception e) when (e is WebSocketException or IOException && !cancellationToken.IsCancellationRequested)
        {
            throw Broken(call, e);
        }

        return verdict.Length > 0 ? Code(verdict.ToString(), call) : throw Broken(call, null);
    }

    private async Task ConnectAsync(ClientWebSocket socket, ApiCall call, CancellationToken cancellationToken)
    {
        socket.Options.AddSubProtocol("v5.channel.k8s.io");
        socket.Options.AddSubProtocol("v4.channel.k8s.io");
        socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(20);
        socket.Options.CollectHttpResponseDetails = true;
        using var headers = new HttpRequestMessage();
        await api.Connection.AuthorizeAsync(headers.Headers, cancellationToken);
        foreach (var (name, values) in headers.Headers.NonValidated)
        {
            socket.Options.SetRequestHeader(name, values.ToString());
        }

        var address = new UriBuilder(new Uri(api.Server, call.Path));
        address.Scheme = address.Scheme == "https" ? "wss" : "ws";
        using var invoker = api.Connection.Invoker();
        try
        {
            await socket.ConnectAsync(address.Uri, invoker, cancellationToken);
        }
        catch (WebSocketException e) when (socket.HttpStatusCode == HttpStatusCode.Forbidden)
        {
            // Of the answer to an upgrade only its status is known.
            throw new ClusterException(
                $"you may not run a command in {call}", "have this rule added to your Role: {apiGroups: [\"\"], resources: [\"pods/exec\"], verbs: [\"get\", \"create\"]}",
                HttpStatusCode.Forbidden, "Forbidden", e);
        }
        catch (WebSocketException e) when ((int)socket.HttpStatusCode >= 400)
        {
            throw ClusterFailures.Of(call, socket.HttpStatusCode, e.Message);
        }
        catch (WebSocketException e)
        {
            throw ClusterFailures.Of(call, api.Server, e.InnerException ?? e);
        }
    }

    private static async Task SendAsync(ClientWebSocket socket, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        var frame = new byte[InputBytes + 1];
        frame[0] = Input;
        for (; !input.IsEmpty; input = input[Math.Min(input.Length, InputBytes)..])
        {
            var part = input[..Math.Min(input.Length, InputBytes)];
            part.CopyTo(frame.AsMemory(1));
            await socket.SendAsync(frame.AsMemory(0, part.Length + 1), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        }
    }

    private static async Task ReadAsync(
        ClientWebSocket socket, byte[] buffer, Func<ReadOnlyMemory<byte>, ValueTask> output, Action<string> error, StringBuilder verdict, CancellationToken cancellationToken)
    {
        var channel = byte.MaxValue;
        var begins = true;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            var bytes = buffer.AsMemory(0, part.Count);
            if (begins && bytes.Length > 0)
            {
                channel = bytes.Span[0];
                bytes = bytes[1..];
            }

            begins = part.EndOfMessage;
            switch (channel)
            {
                case Output:
                    await output(bytes);
                    break;
                case Errors when bytes.Length > 0:
                    error(Encoding.UTF8.GetString(bytes.Span));
                    break;
                case Verdict:
                    verdict.Append(Encoding.UTF8.GetString(bytes.Span));
                    break;
            }
        }
    }

    /// <summary>A Status: Success, or a Failure whose cause is the exit code.</summary>
    private static int Code(string verdict, ApiCall call)
    {
        try
        {
            using var status = JsonDocument.Parse(verdict);
            if (status.RootElement.GetProperty("status").GetString() == "Success")
            {
                return 0;
            }

            foreach (var cause in status.RootElement.GetProperty("details").GetProperty("causes").EnumerateArray())
            {
                if (cause.GetProperty("reason").GetString() == "ExitCode" && int.TryParse(cause.GetProperty("message").GetString(), out var code))
                {
                    return code;
                }
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
        }

        throw new ClusterException($"{call.Verb} {call}: {verdict}", null, null, null);
    }

    private static ClusterException Broken(ApiCall call, Exception? e) => new(
        $"the connection to {call} broke before the command had ended: what came is not whole", "run it again", null, null, e);
}
