using IgsNetty.Transport.Tests.Conformance;

namespace IgsNetty.Transport.Tests.Sockets;

public sealed class SocketTransportUrgentTests : UrgentTests
{
    protected override ITransport CreateTransport(TransportSetup setup) => SocketTransports.Create(setup);
}
