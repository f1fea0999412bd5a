using IgsNetty.Transport.Tests.Conformance;

namespace IgsNetty.Transport.Epoll.Tests.Conformance;

public sealed class EpollDatagramReadOutTests : DatagramReadOutTests
{
    protected override ITransport CreateTransport(TransportSetup setup) => EpollTransports.Create(setup);
}
