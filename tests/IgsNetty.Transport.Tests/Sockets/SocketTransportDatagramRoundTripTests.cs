using IgsNetty.Transport.Tests.Conformance;

namespace IgsNetty.Transport.Tests.Sockets;

public sealed class SocketTransportDatagramRoundTripTests : DatagramRoundTripTests
{
    protected override ITransport CreateTransport(TransportSetup setup) => SocketTransports.Create(setup);
}
