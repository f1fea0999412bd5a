using System.Net;
using System.Net.Sockets;

namespace IgsNetty.FunctionalTests.Targets;

/// <summary>
/// A port that answers no connection attempt: its queue of waiting connections is full, and Linux then drops what comes, as a
/// firewall that discards packets does.
/// </summary>
internal sealed class SilentPort : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _queued = [];

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

        // The queue is full when an attempt is left without an answer; an answer on loopback takes microseconds.
        while (await port.FillAsync())
        {
        }

        return port;
    }

    public ValueTask DisposeAsync()
    {
        _queued.ForEach(socket => socket.Dispose());
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<bool> FillAsync()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _queued.Add(socket);
        using CancellationTokenSource limit = new(TimeSpan.FromMilliseconds(500));
        try
        {
            await socket.ConnectAsync(EndPoint, limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
