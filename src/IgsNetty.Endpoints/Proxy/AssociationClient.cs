using IgsNetty.Relay.Datagrams;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>Who has asked for a UDP ASSOCIATE.</summary>
/// <param name="Host">The address of its TCP connection, with port 0: no other is heard.</param>
/// <param name="Stated">Where it says it will send from, of that address; port 0: it has not said. A hint only.</param>
/// <param name="IsPortSure">
/// It is on this machine, so no NAT changes its port: it sends from the port that it has stated, unless what it has stated is its target's.
/// </param>
/// <param name="From">Who it is, for the access rules.</param>
/// <param name="Options">For its flows.</param>
/// <param name="IsGuarded">It has rights of its own: when two ports send for it, it ends.</param>
/// <param name="Conflict">Called once, with the second port, when that happens. On the loop of the relay port.</param>
internal sealed record AssociationClient(
    UdpAddress Host, UdpAddress Stated, bool IsPortSure, string From, DatagramOptions Options, bool IsGuarded, Action<UdpAddress> Conflict);
