using IgsNetty.Transport.Tests.Conformance;

namespace IgsNetty.Transport.Epoll.Tests.Conformance;

/// <summary>Makes the transport that every suite of this folder runs on.</summary>
internal static class EpollTransports
{
    public static ITransport Create(TransportSetup setup) =>
        new EpollTransport(setup.Loops, setup.Allocator, setup.ReceiveBuffers, EpollEventLoop.DefaultBusyPoll, setup.Logger)
        {
            UnreadPatience = setup.UnreadPatience ?? BrokenOutput.UnreadPatience,
        };
}
