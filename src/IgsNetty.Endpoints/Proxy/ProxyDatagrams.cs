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
internal sealed class ProxyDatagrams : IDatagramHandler
{
    private readonly Dictionary<UdpAddress, UdpAssociation> _associations = [];
    private readonly Dictionary<UdpAddress, Queue<UdpAssociation>> _unbound = []; // by IP address: they have not sent yet
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
        if (_associations.TryGetValue(client, out UdpAssociation? association) || TryBind(client, out association))
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

    /// <summary>Sends to a client. Any thread.</summary>
    public DatagramSend Send(in UdpAddress client, ReadOnlySpan<byte> datagram) => _socket.Send(client, datagram);

    /// <summary>Takes datagrams for it from here on.</summary>
    public void Add(UdpAssociation association)
    {
        if (association.Client.Port != 0)
        {
            // Of two that state one address the newer has it, if it is the same user's: a client that came back.
            if (!_associations.TryGetValue(association.Client, out UdpAssociation? holder) || holder.From == association.From)
            {
                _associations[association.Client] = association;
            }

            return;
        }

        if (!_unbound.TryGetValue(association.Client, out Queue<UdpAssociation>? waiting))
        {
            _unbound.Add(association.Client, waiting = new Queue<UdpAssociation>());
        }

        waiting.Enqueue(association);
    }

    /// <summary>Its TCP connection has ended. What it sent before that is still relayed: it may wait in the socket.</summary>
    public void End(UdpAssociation association) => _socket.ReadOut(() => Remove(association));

    private void Remove(UdpAssociation association)
    {
        if (_associations.TryGetValue(association.Client, out UdpAssociation? holder) && holder == association)
        {
            _associations.Remove(association.Client);
        }
        else if (_unbound.TryGetValue(association.Client, out Queue<UdpAssociation>? waiting))
        {
            Queue<UdpAssociation> others = new(waiting.Where(other => other != association));
            _unbound.Remove(association.Client);
            if (others.Count > 0)
            {
                _unbound.Add(association.Client, others);
            }
        }

        association.Close();
    }

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

    // A client that did not state its port: the first one it sends from is it.
    private bool TryBind(in UdpAddress source, out UdpAssociation association)
    {
        association = null!;
        UdpAddress host = source.WithPort(0);
        if (!_unbound.TryGetValue(host, out Queue<UdpAssociation>? waiting))
        {
            return false;
        }

        association = waiting.Dequeue();
        if (waiting.Count == 0)
        {
            _unbound.Remove(host);
        }

        association.Client = source;
        _associations.Add(source, association);
        return true;
    }
}
