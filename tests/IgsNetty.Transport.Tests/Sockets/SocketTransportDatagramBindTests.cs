using IgsNetty.Transport.Tests.Conformance;

namespace IgsNetty.Transport.Tests.Sockets;

public sealed class SocketTransportDatagramBindTests : DatagramBindTests
{
    protected override ITransport CreateTransport(TransportSetup setup) => SocketTransports.Create(setup);
}
