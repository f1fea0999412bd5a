using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>
/// Sends one byte back and ends. It ends first, as a web server that closes: whoever ends first keeps the connection's port for a
/// minute (TIME_WAIT), and here that is always the listening end, of the target as of a relay, whose one port it costs nothing. The
/// callers' ports are free at once, so that the 28,000 that a system has never run dry, without a reset or a trick on any side.
/// </summary>
internal sealed class ConnectTarget : ITarget
{
    private readonly Socket _listener;
    private readonly ConnectLoop[] _loops;

    /// <param name="address">Null: any free port.</param>
    public ConnectTarget(IPEndPoint? address)
    {
        _listener = LoadSocket.Listen(address);
        _listener.Blocking = false;
        Address = (IPEndPoint)_listener.LocalEndPoint!;
        _loops = [.. Enumerable.Range(0, LoadThreads.Most).Select(_ => new ConnectLoop(_listener))];
    }

    public string Name => TargetNames.Connect;

    public IPEndPoint Address { get; }

    public void Probe(IPEndPoint address)
    {
        using Socket socket = LoadSocket.Connect(address);
        Exchange(socket);
    }

    /// <summary>What a caller does that is connected to this target.</summary>
    public static void Exchange(Socket socket)
    {
        byte[] message = [0x5a];
        socket.Send(message);
        LoadSocket.ReceiveExactly(socket, message);
        LoadSocket.ReceiveEnd(socket);
    }

    /// <summary>
    /// The loops end first: one that was about to accept would otherwise take a caller of whatever listens next on the same handle, and
    /// never answer it.
    /// </summary>
    public void Dispose()
    {
        Array.ForEach(_loops, loop => loop.Stop());
        _listener.Shutdown(SocketShutdown.Both);
        Array.ForEach(_loops, loop => loop.AwaitEnd());
        _listener.Dispose();
    }
}
