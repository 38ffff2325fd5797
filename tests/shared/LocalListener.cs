using System.Net;
using System.Net.Sockets;

namespace KubectlMlopsBackup.Testing;

internal static class LocalListener
{
    /// <param name="at">Where it listens, at a port that is free; null for loopback.</param>
    public static (HttpListener Listener, string Address) Start(IPAddress? at)
    {
        at ??= IPAddress.Loopback;
        string address;
        using (var free = new TcpListener(at, 0))
        {
            free.Start();
            address = $"http://{at}:{((IPEndPoint)free.LocalEndpoint).Port}";
        }

        var listener = new HttpListener();
        listener.Prefixes.Add(address + "/");
        listener.Start();
        return (listener, address);
    }
}
