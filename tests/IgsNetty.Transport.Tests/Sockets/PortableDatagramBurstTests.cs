using IgsNetty.Transport.Tests.Conformance;

namespace IgsNetty.Transport.Tests.Sockets;

public sealed class PortableDatagramBurstTests : DatagramBurstTests
{
    protected override ITransport CreateTransport(TransportSetup setup) => SocketTransports.CreatePortable(setup);
}
