using IgsNetty.Transport.Sockets;
using IgsNetty.Transport.Tests.Conformance;

namespace IgsNetty.Transport.Tests.Sockets;

/// <summary>Makes the transport that every suite of this folder runs on.</summary>
internal static class SocketTransports
{
    public static ITransport Create(TransportSetup setup) => new SocketTransport(setup.Loops, setup.Allocator, setup.ReceiveBuffers, setup.Logger)
        {
            UnreadPatience = setup.UnreadPatience ?? BrokenOutput.UnreadPatience,
        };

    /// <summary>With the UDP calls of systems other than Linux.</summary>
    public static ITransport CreatePortable(TransportSetup setup) =>
        new SocketTransport(setup.Loops, setup.Allocator, setup.ReceiveBuffers, setup.Logger) { UsesPortableDatagrams = true };
}
