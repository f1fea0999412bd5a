using IgsNetty.Transport.Tests.Conformance;

namespace IgsNetty.Transport.Tests.Sockets;

public sealed class SocketTransportBrokenOutputTests : BrokenOutputTests
{
    protected override ITransport CreateTransport(TransportSetup setup) => SocketTransports.Create(setup);
}
