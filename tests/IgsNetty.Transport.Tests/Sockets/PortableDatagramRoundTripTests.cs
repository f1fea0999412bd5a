using IgsNetty.Transport.Tests.Conformance;

namespace IgsNetty.Transport.Tests.Sockets;

public sealed class PortableDatagramRoundTripTests : DatagramRoundTripTests
{
    protected override ITransport CreateTransport(TransportSetup setup) => SocketTransports.CreatePortable(setup);
}
