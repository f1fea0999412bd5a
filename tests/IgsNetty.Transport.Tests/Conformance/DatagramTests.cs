using System.Net;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>
/// What the suites of UDP share. Every test ends with its sockets closed, and no handler called outside its loop.
/// </summary>
public abstract class DatagramTests : TransportTests
{
    /// <summary>Where the socket is bound, and the address of those it talks to.</summary>
    public static TheoryData<string, string> Families => new()
    {
        { "127.0.0.1", "127.0.0.1" },
        { "::1", "::1" },
        { "::", "127.0.0.1" },
        { "::", "::1" },
    };

    /// <summary>A socket with a probe as its handler.</summary>
    private protected (IDatagramSocket Socket, DatagramProbe Probe) Bind(string? address = null, IEventLoop? loop = null)
    {
        loop ??= Loop;
        DatagramProbe probe = new(loop);
        AtEnd(probe.AssertOnLoopOnly);
        return (Bind(probe, address, loop), probe);
    }

    private protected IDatagramSocket Bind(IDatagramHandler? handler, string? address = null, IEventLoop? loop = null)
    {
        IDatagramSocket socket = Transport.BindDatagrams(Loopback(address is null ? null : IPAddress.Parse(address)), loop ?? Loop, handler);
        AtEnd(socket.Close);
        return socket;
    }

    private protected DatagramPeer Peer(string? address = null)
    {
        DatagramPeer peer = new(address is null ? null : IPAddress.Parse(address));
        AtEnd(peer.Dispose);
        return peer;
    }

    /// <summary>A port that refuses what is sent there, until the test has ended.</summary>
    private protected UdpAddress ClosedPort(string? address = null)
    {
        ClosedUdpPort port = new(address is null ? null : IPAddress.Parse(address));
        AtEnd(port.Dispose);
        return port.Address;
    }

    /// <summary>
    /// Sends to a closed port until so many reports have come. A datagram may get none: a socket is deaf for a second after 100 errors in
    /// one, and kernels limit the ICMP errors of the whole machine.
    /// </summary>
    /// <returns>How many were sent.</returns>
    private protected static async Task<int> UntilReportedAsync(
        IDatagramSocket socket, DatagramProbe probe, UdpAddress closed, int reports = 1, byte[]? payload = null)
    {
        int sent = 0;
        await Waiting.RepeatUntilAsync(probe.UntilUndeliveredAsync(reports), () =>
        {
            Assert.Equal(DatagramSend.Sent, socket.Send(closed, payload ?? []));
            sent++;
        });
        return sent;
    }

    /// <summary>Where one at the given address finds the socket.</summary>
    private protected static IPEndPoint SeenFrom(IDatagramSocket socket, DatagramPeer peer) => new(peer.Local.Address, socket.Address.Port);

    /// <summary>One datagram each way.</summary>
    private protected static async Task AssertWorksAsync(IDatagramSocket socket, DatagramProbe probe, DatagramPeer peer, int size = 100)
    {
        byte[] there = Bytes.Random(size, seed: 3);
        byte[] back = Bytes.Random(size, seed: 4);
        int before = probe.Count;
        peer.Send(SeenFrom(socket, peer), there);
        Datagram received = (await probe.UntilReceivedAsync(before + 1))[before];
        Bytes.AssertSame(there, received.Payload);
        Assert.Equal(peer.Address, received.Source.WithoutLocal());
        Assert.Equal(DatagramSend.Sent, socket.Send(received.Source, back));
        Datagram answer = await peer.ReceiveAsync();
        Bytes.AssertSame(back, answer.Payload);
        Assert.Equal(UdpAddress.FromEndPoint(SeenFrom(socket, peer)), answer.Source);
    }
}
