using System.Net.Sockets;
using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;

namespace IgsNetty.Transport.Sockets;

/// <summary>
/// A receive of no bytes that completes when a datagram, or an error, waits; its owner then runs on the loop. Takes neither
/// buffer nor datagram.
/// </summary>
internal sealed class DatagramReadiness : SocketAsyncEventArgs
{
    private readonly IEventLoop _loop;
    private readonly IRunnable _owner;

    public DatagramReadiness(IEventLoop loop, IRunnable owner)
        : base(true) // no execution context: nothing here reads one
    {
        _loop = loop;
        _owner = owner;
        SetBuffer(Memory<byte>.Empty);
    }

    /// <summary>False until the first wait has ended.</summary>
    public bool IsReady { get; private set; }

    public void OnReady()
    {
        IsReady = true;
        _loop.Execute(_owner);
    }

    /// <returns>False when it has ended already, see <see cref="Socket.ReceiveAsync(SocketAsyncEventArgs)"/>.</returns>
    public bool Begin(Socket socket)
    {
        // Each wait puts the flags of what it found in their place. Without Peek, .NET would not look at the socket at the
        // end, and an error be found only by the next receive, as an exception.
        SocketFlags = SocketFlags.Peek;
        return socket.ReceiveAsync(this);
    }

    /// <summary>The error that the wait ended with, once.</summary>
    public SocketError TakeError()
    {
        SocketError error = SocketError;
        SocketError = SocketError.Success;
        return error;
    }

    protected override void OnCompleted(SocketAsyncEventArgs e) => OnReady();
}
