using IgsNetty.Transport.Tests.Conformance;

namespace IgsNetty.Transport.Tests.Sockets;

public sealed class PortableDatagramReceiveTests : DatagramReceiveTests
{
    protected override ITransport CreateTransport(TransportSetup setup) => SocketTransports.CreatePortable(setup);
}
