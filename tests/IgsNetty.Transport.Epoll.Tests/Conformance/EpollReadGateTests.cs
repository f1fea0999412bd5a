using IgsNetty.Transport.Tests.Conformance;

namespace IgsNetty.Transport.Epoll.Tests.Conformance;

public sealed class EpollReadGateTests : ReadGateTests
{
    protected override ITransport CreateTransport(TransportSetup setup) => EpollTransports.Create(setup);
}
