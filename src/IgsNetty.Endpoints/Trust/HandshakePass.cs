using System.Net;
using IgsNetty.Relay;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Trust;

/// <summary>One connection inside a <see cref="HandshakeGate"/>. Thread-safe.</summary>
public sealed class HandshakePass
{
    private readonly HandshakeGate _gate;
    private readonly IStreamSocket _socket;
    private readonly RelayLoop _loop;

    internal HandshakePass(HandshakeGate gate, IPAddress address, IStreamSocket socket, RelayLoop loop)
    {
        _gate = gate;
        _socket = socket;
        _loop = loop;
        Address = address;
        InAll = new LinkedListNode<HandshakePass>(this);
        InAddress = new LinkedListNode<HandshakePass>(this);
    }

    internal IPAddress Address { get; }

    internal LinkedListNode<HandshakePass> InAll { get; }

    internal LinkedListNode<HandshakePass> InAddress { get; }

    /// <summary>It has proven who it is, or needs to prove nothing more.</summary>
    public void Leave() => _gate.Leave(this);

    /// <summary>It has failed: it counts until its socket is closed, which may be a while after the last words.</summary>
    public void LeaveWhenClosed() =>
        _ = _socket.Channel.CloseCompletion.ContinueWith(
            static (_, pass) => ((HandshakePass)pass!).Leave(), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    // Another thread may have let it in a moment ago, and be about to register it: then that comes first.
    internal void Evict() => _loop.Loop.Execute(() =>
    {
        if (!_socket.Channel.Registered && _socket.Channel.Open)
        {
            Evict();
            return;
        }

        _loop.Totals.HandshakesEvicted++;
        _socket.Abort();
    });
}
