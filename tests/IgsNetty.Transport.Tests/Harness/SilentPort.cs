using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>
/// A port that answers no connection attempt: its queue of waiting connections is full, and Linux then drops what comes,
/// as a firewall that discards packets does. A queue of length 0 is full with one connection.
/// </summary>
internal sealed class SilentPort : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _queued = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private SilentPort()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0);
        Address = (IPEndPoint)_listener.LocalEndPoint!;
    }

    public IPEndPoint Address { get; }

    public static async Task<SilentPort> OpenAsync()
    {
        SilentPort port = new();
        await port._queued.ConnectAsync(port.Address).InTime();
        await KernelSockets.UntilQueuedAsync(port.Address, connections: 1);
        return port;
    }

    public void Dispose()
    {
        _queued.Dispose();
        _listener.Dispose();
    }
}
