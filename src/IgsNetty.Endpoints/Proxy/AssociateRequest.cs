using IgsNetty.Relay.Datagrams;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>A SOCKS5 UDP ASSOCIATE.</summary>
/// <param name="Stated">Where the client says it will send from; zeros when it does not know. Not always true.</param>
/// <param name="Options">For its flows.</param>
internal sealed record AssociateRequest(UdpAddress Stated, DatagramOptions Options);
