using System.Net;
using System.Net.Sockets;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Routing;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>
/// A relay port for one association, where users have to log in: nobody can take another user's association by being the first to send
/// to a port that all know. Lives on the loop of the association's TCP connection, and hears its first sender only (docs/adr/0025).
/// </summary>
internal sealed class OwnRelayPort : IRelayPort, IDatagramHandler
{
    private readonly UdpAssociation _association;
    private readonly UdpAddress _host; // the client's address, with port 0
    private readonly IDatagramSocket _socket;

    /// <param name="context">Of the gateway.</param>
    /// <param name="service">Of the loop of the TCP connection.</param>
    /// <param name="local">The address that the client has reached by TCP.</param>
    /// <param name="ports">Where to bind.</param>
    /// <param name="client">Whose datagrams are heard.</param>
    /// <exception cref="SocketException">There is no port to be had.</exception>
    public OwnRelayPort(EndpointContext context, FlowService service, IPAddress local, UdpPortRange ports, AssociationClient client)
    {
        Service = service;
        Routes = context.Routes;
        _host = client.Host;
        _association = new UdpAssociation(this, client);
        _socket = Bind(context.Transport, local, ports);
    }

    public FlowService Service { get; }

    public RouteTable Routes { get; }

    public IPEndPoint Address => _socket.Address;

    public void OnDatagram(in UdpAddress source, ReadOnlySpan<byte> payload)
    {
        Service.Loop.Totals.DatagramsFromCallers++;
        UdpAddress client = source.WithoutLocal();
        if ((_association.IsBound && client == _association.Client && !_association.IsOver) || TryBind(client, payload))
        {
            _association.OnDatagram(client, payload);
        }
        else
        {
            Service.Loop.Totals.DatagramsNotAllowed++;
        }
    }

    public TimeSpan OnReadable() => Service.Loop.DatagramShare.Begin();

    public void OnReadComplete() => Service.Loop.DatagramShare.End();

    public void OnUndelivered(int reports) => Service.Loop.Totals.IcmpErrors += reports;

    public DatagramSend Send(in UdpAddress client, ReadOnlySpan<byte> datagram) => _socket.Send(client, datagram);

    /// <summary>The TCP connection has ended. What was sent before that is still relayed.</summary>
    public void End() => _socket.ReadOut(() =>
    {
        _association.Close();
        _socket.Close();
    });

    private bool TryBind(in UdpAddress client, ReadOnlySpan<byte> datagram)
    {
        if (_association.IsOver || client.Port == 0 || client.WithPort(0) != _host)
        {
            return false;
        }

        bool isStated = client == _association.Stated;
        if (_association.IsBound && isStated && _association.IsGuarded)
        {
            _association.OnConflict(client);
        }

        if (_association.IsOver || (!isStated && (_association.IsBound || !MayBeFirst(datagram))))
        {
            return false;
        }

        _association.Bind(client);
        return true;
    }

    private bool MayBeFirst(ReadOnlySpan<byte> datagram) =>
        !_association.IsPortSure || Socks5Datagram.TargetPort(datagram) == _association.Stated.Port;

    private IDatagramSocket Bind(ITransport transport, IPAddress local, UdpPortRange ports)
    {
        // From anywhere in the range, so that a port cannot be foretold.
        int start = Random.Shared.Next(ports.Count);
        for (int i = 0; ; i++)
        {
            int port = ports.First == 0 ? 0 : ports.First + ((start + i) % ports.Count);
            try
            {
                return transport.BindDatagrams(new IPEndPoint(local, port), Service.Loop.Loop, this);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse && i + 1 < ports.Count)
            {
                // The next one.
            }
        }
    }
}
