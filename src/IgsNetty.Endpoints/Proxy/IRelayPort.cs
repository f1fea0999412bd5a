using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Routing;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>The UDP port that an association sends to, as the association sees it.</summary>
internal interface IRelayPort
{
    /// <summary>Opens its flows, on the loop of the port.</summary>
    FlowService Service { get; }

    RouteTable Routes { get; }

    /// <summary>Sends to a client. Any thread.</summary>
    DatagramSend Send(in UdpAddress client, ReadOnlySpan<byte> datagram);
}
