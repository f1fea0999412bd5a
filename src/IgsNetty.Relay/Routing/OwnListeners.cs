using System.Collections.Immutable;
using System.Net;

namespace IgsNetty.Relay.Routing;

/// <summary>
/// What this gateway itself listens on: a call that led there would go round in a circle, or reach what only this machine
/// should. Filled as listeners are bound; asked at every open. Thread-safe.
/// </summary>
/// <param name="networks">Tells which addresses a listener on all addresses has.</param>
public sealed class OwnListeners(LocalNetworks networks)
{
    private ImmutableArray<(TransportProtocol Protocol, IPEndPoint Address)> _listeners = [];

    internal LocalNetworks Networks => networks;

    /// <param name="address">Where it listens, with its real port.</param>
    /// <param name="protocol">TCP, UDP, or both.</param>
    public void Add(IPEndPoint address, TransportProtocol protocol)
    {
        ArgumentNullException.ThrowIfNull(address);
        ImmutableInterlocked.Update(ref _listeners, static (all, one) => all.Add(one), (protocol, address));
    }

    /// <param name="protocol">TCP or UDP.</param>
    /// <param name="address">The address that would be dialled, canonical.</param>
    /// <param name="port">Its port.</param>
    internal bool Contains(TransportProtocol protocol, IPAddress address, int port)
    {
        foreach ((TransportProtocol own, IPEndPoint listener) in _listeners)
        {
            bool speaks = own == TransportProtocol.Any || own == protocol;
            if (listener.Port == port && speaks && Meets(listener.Address, address))
            {
                return true;
            }
        }

        return false;
    }

    private bool Meets(IPAddress listener, IPAddress target)
    {
        if (listener.Equals(target) || IsWildcard(target))
        {
            return true;
        }

        bool isAll = listener.Equals(IPAddress.IPv6Any) || (listener.Equals(IPAddress.Any) && target.AddressFamily == listener.AddressFamily);
        return isAll && (IPAddress.IsLoopback(target) || networks.IsOwn(target));
    }

    private static bool IsWildcard(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
