using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>
/// A port that answers no connection attempt: its queue of waiting connections is full, and Linux then drops what comes,
/// as a firewall that discards packets does.
/// </summary>
internal sealed class SilentPort : IDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMilliseconds(300); // on loopback an answer takes microseconds

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _queued = [];

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
        while (await port.IsAnsweringAsync())
        {
        }

        return port;
    }

    public void Dispose()
    {
        _queued.ForEach(socket => socket.Dispose());
        _listener.Dispose();
    }

    private async Task<bool> IsAnsweringAsync()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _queued.Add(socket);
        using CancellationTokenSource limit = new(AnswerLimit);
        try
        {
            await socket.ConnectAsync(Address, limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
