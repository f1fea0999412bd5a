using System.Net;
using IgsNetty.Relay;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Trust;

/// <summary>
/// Counts the connections that have proven nothing yet, in all and for each address. Over a limit the one that has waited
/// longest is reset, not the new one refused: an honest handshake takes milliseconds, so it is hardly ever the oldest, and
/// whoever opens connections and says nothing only loses those. Thread-safe; asked once a connection.
/// </summary>
/// <param name="most">In all.</param>
/// <param name="mostPerAddress">Of one IPv4 address, or one 64-bit prefix of IPv6.</param>
public sealed class HandshakeGate(int most, int mostPerAddress)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<HandshakePass> _waiting = new();
    private readonly Dictionary<IPAddress, LinkedList<HandshakePass>> _byAddress = [];

    /// <summary>Connections inside now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Counts a connection from here on. It leaves by its pass: see there.</summary>
    /// <param name="socket">It is reset when it has to make room.</param>
    /// <param name="loop">Where it lives, or is about to.</param>
    public HandshakePass Enter(IStreamSocket socket, RelayLoop loop)
    {
        ArgumentNullException.ThrowIfNull(socket);
        HandshakePass pass = new(this, ClientKey.Of(socket.Channel.RemoteAddress), socket, loop);
        HandshakePass? evicted = null;
        lock (_lock)
        {
            if (!_byAddress.TryGetValue(pass.Address, out LinkedList<HandshakePass>? own))
            {
                _byAddress.Add(pass.Address, own = new LinkedList<HandshakePass>());
            }

            if (own.Count >= mostPerAddress || _waiting.Count >= most)
            {
                evicted = (own.Count >= mostPerAddress ? own : _waiting).First!.Value;
                Remove(evicted);
            }

            _byAddress[pass.Address] = own; // it may have left with the one that went
            own.AddLast(pass.InAddress);
            _waiting.AddLast(pass.InAll);
        }

        evicted?.Evict();
        return pass;
    }

    internal void Leave(HandshakePass pass)
    {
        lock (_lock)
        {
            Remove(pass);
        }
    }

    private void Remove(HandshakePass pass)
    {
        if (pass.InAddress.List is not { } own)
        {
            return;
        }

        own.Remove(pass.InAddress);
        _waiting.Remove(pass.InAll);
        if (own.Count == 0)
        {
            _byAddress.Remove(pass.Address);
        }
    }
}
