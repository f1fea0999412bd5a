using System.Net;
using System.Net.Sockets;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.Perf.Ports;

namespace IgsNetty.FunctionalTests.Targets;

/// <summary>
/// A port that answers no connection attempt: its queue of waiting connections is full, and Linux then drops what comes, as a
/// firewall that discards packets does.
/// </summary>
internal sealed class SilentPort : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _queued = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private SilentPort()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(0);
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
    }

    public IPEndPoint EndPoint { get; }

    public static async Task<SilentPort> OpenAsync()
    {
        SilentPort port = new();
        using CancellationTokenSource limit = new(HangGuard.Event);
        await port._queued.ConnectAsync(port.EndPoint, limit.Token);

        // A queue of length 0 takes one connection. The kernel says when it is there.
        await Eventually.Async(() => BoundPorts.Queued(port.EndPoint.Port) > 0, () => $"a connection waits at {port.EndPoint}");
        return port;
    }

    public ValueTask DisposeAsync()
    {
        _queued.Dispose();
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }
}
