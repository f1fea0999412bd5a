using IgsNetty.Transport.Tests.Conformance;

namespace IgsNetty.Transport.Tests.Sockets;

public sealed class SocketTransportCloseInsideTests : CloseInsideTests
{
    protected override ITransport CreateTransport(TransportSetup setup) => SocketTransports.Create(setup);
}
