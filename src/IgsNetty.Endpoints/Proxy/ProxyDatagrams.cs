using System.Net;
using IgsNetty.Relay;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Routing;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>
/// The UDP side of the proxy port: one socket for all associations, so that a firewall needs one rule. A datagram belongs
/// to the association whose client has its source address; whoever has none is not heard. On its loop, but for
/// <see cref="Send"/> and <see cref="Close"/>.
/// </summary>
internal sealed class ProxyDatagrams : IRelayPort, IDatagramHandler
{
    private readonly Dictionary<UdpAddress, UdpAssociation> _associations = []; // by where they send from
    private readonly Dictionary<UdpAddress, UdpAssociation> _stated = []; // by where they say that they will
    private readonly Dictionary<UdpAddress, WaitingAssociations> _waiting = []; // by IP address: they have not sent yet
    private readonly IDatagramSocket _socket;
    private volatile bool _isOpen;

    /// <exception cref="System.Net.Sockets.SocketException">The address cannot be bound.</exception>
    public ProxyDatagrams(EndpointContext context, IPEndPoint address, RelayLoop loop)
    {
        Routes = context.Routes;
        Service = new FlowService(loop, context.Links);
        _socket = context.Transport.BindDatagrams(address, loop.Loop, this);
        _isOpen = true;
    }

    public FlowService Service { get; }

    public RouteTable Routes { get; }

    /// <summary>Where it is bound.</summary>
    public IPEndPoint Address => _socket.Address;

    public void OnDatagram(in UdpAddress source, ReadOnlySpan<byte> payload)
    {
        Service.Loop.Totals.DatagramsFromCallers++;
        UdpAddress client = source.WithoutLocal();
        if (_associations.TryGetValue(client, out UdpAssociation? association) || TryBind(client, payload, out association))
        {
            association.OnDatagram(source, payload);
        }
        else
        {
            Service.Loop.Totals.DatagramsNotAllowed++;
        }
    }

    // What comes while the constructor still runs, on its own thread, waits for it.
    public TimeSpan OnReadable() => _isOpen ? Service.Loop.DatagramShare.Begin() : TimeSpan.FromMilliseconds(1);

    public void OnReadComplete() => Service.Loop.DatagramShare.End();

    public void OnUndelivered(int reports) => Service.Loop.Totals.IcmpErrors += reports;

    public DatagramSend Send(in UdpAddress client, ReadOnlySpan<byte> datagram) => _socket.Send(client, datagram);

    /// <summary>Takes datagrams for it from here on.</summary>
    /// <returns>False when another user's association sends from the address that it states.</returns>
    public bool TryAdd(UdpAssociation association)
    {
        if (association.Stated.Port != 0 && _associations.TryGetValue(association.Stated, out UdpAssociation? holder))
        {
            if (holder.From != association.From)
            {
                return false;
            }

            // Of two of one user the newer has the address: a client that came back.
            association.Bind(association.Stated);
            _associations[association.Stated] = association;
            return true;
        }

        if (association.Stated.Port != 0
            && (!_stated.TryGetValue(association.Stated, out UdpAssociation? other) || other.From == association.From))
        {
            _stated[association.Stated] = association;
        }

        if (!_waiting.TryGetValue(association.Host, out WaitingAssociations? waiting))
        {
            _waiting.Add(association.Host, waiting = new WaitingAssociations());
        }

        waiting.Add(association);
        return true;
    }

    /// <summary>Its TCP connection has ended. What it sent before that is still relayed: it may wait in the socket.</summary>
    public void End(UdpAssociation association) => _socket.ReadOut(() => Remove(association));

    /// <summary>Frees the port, and ends the flows of all associations.</summary>
    public void Close()
    {
        _socket.Close();
        Service.Loop.Loop.Execute(() =>
        {
            foreach (UdpAssociation association in _associations.Values)
            {
                association.Close();
            }
        });
    }

    private void Remove(UdpAssociation association)
    {
        Leave(association);
        Remove(_stated, association.Stated, association);
        association.Close();
    }

    // From here on no datagram finds it, but one from the address that it stated.
    private void Leave(UdpAssociation association)
    {
        Remove(_associations, association.Client, association);
        if (association.Place is not null && _waiting.TryGetValue(association.Host, out WaitingAssociations? waiting))
        {
            waiting.Remove(association);
            if (waiting.IsEmpty)
            {
                _waiting.Remove(association.Host);
            }
        }
    }

    private static void Remove(Dictionary<UdpAddress, UdpAssociation> from, in UdpAddress address, UdpAssociation association)
    {
        if (from.TryGetValue(address, out UdpAssociation? holder) && holder == association)
        {
            from.Remove(address);
        }
    }

    // What a client states is a hint: some state the port of their target, and a NAT changes what they know of theirs. So the one that
    // has stated this very port comes first, then one that has stated where this datagram goes, then one that has stated none, then any of
    // this IP address that has not sent yet. On this machine there is no NAT: what is stated there is the client's port or its target's.
    private bool TryBind(in UdpAddress source, ReadOnlySpan<byte> datagram, out UdpAssociation association)
    {
        if (_stated.TryGetValue(source, out UdpAssociation? known))
        {
            _stated.Remove(source);
            if (known.IsBound && known.IsGuarded)
            {
                Leave(known);
                known.OnConflict(source);
                association = null!;
                return false;
            }
        }
        else if (!_waiting.TryGetValue(source.WithPort(0), out WaitingAssociations? waiting)
            || (known = waiting.Find(Socks5Datagram.TargetPort(datagram))) is null)
        {
            association = null!;
            return false;
        }

        association = known;
        Leave(association);
        association.Bind(source);
        _associations.Add(source, association);
        return true;
    }
}
