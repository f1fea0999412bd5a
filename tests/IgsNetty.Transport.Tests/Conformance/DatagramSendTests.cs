using System.Buffers.Binary;
using System.Net;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>Sending: from any thread, and what cannot be sent.</summary>
public abstract class DatagramSendTests : DatagramTests
{
    private const int Largest = 65507;

    public static TheoryData<string, string> NoWays => new()
    {
        { "127.0.0.1", "[::1]:9" },
        { "127.0.0.1", "[2001:db8::1]:9" },
        { "127.0.0.1", "127.0.0.1:0" },
        { "127.0.0.1", "203.0.113.1:9" },
        { "127.0.0.1", "255.255.255.255:9" },
        { "0.0.0.0", "255.255.255.255:9" },
        { "0.0.0.0", "[::1]:9" },
        { "::1", "127.0.0.1:9" },
        { "::1", "[::1]:0" },
        { "::", "127.0.0.1:0" },
        { "::", "255.255.255.255:9" },
        { "::", "[fe80::1%99999]:9" },
    };

    [Theory, MemberData(nameof(NoWays))]
    public async Task A_destination_that_cannot_be_sent_to_is_told_and_nothing_else_happens(string bound, string destination)
    {
        (IDatagramSocket socket, DatagramProbe probe) = Bind(bound);
        DatagramPeer peer = Peer(bound == "::1" ? bound : null);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(DatagramSend.Unreachable, socket.Send(UdpAddress.FromEndPoint(IPEndPoint.Parse(destination)), new byte[i]));
        }

        await AssertWorksAsync(socket, probe, peer);
        await Loop.CallAsync(() => { });
        Assert.Equal(0, probe.Undelivered);
        Assert.Equal(0, KernelDatagrams.Kept(socket.Address));
    }

    [Theory, MemberData(nameof(Families))]
    public async Task A_datagram_that_is_too_large_is_told_and_the_next_go(string bound, string from)
    {
        (IDatagramSocket socket, DatagramProbe probe) = Bind(bound);
        DatagramPeer peer = Peer(from);
        foreach (int size in new[] { Largest + 1, 65527, 65528, 65535, 65536, 100_000, 10_000_000 })
        {
            Assert.Equal(DatagramSend.TooLarge, socket.Send(peer.Address, new byte[size]));
        }

        await AssertWorksAsync(socket, probe, peer, Largest);
        Assert.Equal(0, probe.Undelivered);
    }

    // Linux notes each as an error of the socket's, where that was asked for.
    [Theory, MemberData(nameof(Families))]
    public async Task Datagrams_that_are_too_large_leave_nothing_in_the_kernel(string bound, string from)
    {
        (IDatagramSocket socket, DatagramProbe probe) = Bind(bound);
        DatagramPeer peer = Peer(from);
        byte[] payload = new byte[Largest + 1];
        for (int i = 0; i < 2_000; i++)
        {
            Assert.Equal(DatagramSend.TooLarge, socket.Send(peer.Address, payload));
        }

        await KernelDatagrams.UntilNothingKeptAsync(socket.Address);
        await AssertWorksAsync(socket, probe, peer);
    }

    [Theory, InlineData("127.0.0.1"), InlineData("::")]
    public async Task Many_threads_send_at_once_each_to_its_own(string bound)
    {
        const int Threads = 8;
        const int Each = 300;
        (IDatagramSocket socket, _) = Bind(bound);
        DatagramPeer[] peers = [.. Enumerable.Range(0, Threads).Select(_ => Peer())];
        Task[] sending = [.. peers.Select((peer, thread) => Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; i < Each; i++)
                {
                    Assert.Equal(DatagramSend.Sent, socket.Send(peer.Address, Numbered(thread, i)));
                }
            },
            TaskCreationOptions.LongRunning))];
        await Task.WhenAll(sending).InTime();
        for (int thread = 0; thread < Threads; thread++)
        {
            for (int i = 0; i < Each; i++)
            {
                Bytes.AssertSame(Numbered(thread, i), (await peers[thread].ReceiveAsync()).Payload);
            }
        }
    }

    [Fact]
    public async Task The_payload_is_the_callers_again_when_the_call_returns()
    {
        (IDatagramSocket socket, _) = Bind();
        DatagramPeer peer = Peer();
        byte[] payload = new byte[100];
        for (int i = 0; i < 100; i++)
        {
            payload.AsSpan().Fill((byte)i);
            Assert.Equal(DatagramSend.Sent, socket.Send(peer.Address, payload));
        }

        for (int i = 0; i < 100; i++)
        {
            Assert.All((await peer.ReceiveAsync()).Payload, value => Assert.Equal(i, value));
        }
    }

    [Theory, MemberData(nameof(Families))]
    public async Task A_socket_without_a_handler_sends(string bound, string to)
    {
        IDatagramSocket socket = Bind((IDatagramHandler?)null, bound);
        DatagramPeer peer = Peer(to);
        UdpAddress closed = ClosedPort(to);
        for (int i = 0; i < 100; i++)
        {
            byte[] payload = Bytes.Random(i * 100, seed: i);
            Assert.Equal(DatagramSend.Sent, socket.Send(closed, payload)); // nobody is told, nobody is harmed
            Assert.Equal(DatagramSend.Sent, socket.Send(peer.Address, payload));
            Datagram received = await peer.ReceiveAsync();
            Bytes.AssertSame(payload, received.Payload);
            Assert.Equal(UdpAddress.FromEndPoint(SeenFrom(socket, peer)), received.Source);
        }

        Assert.Equal(DatagramSend.TooLarge, socket.Send(peer.Address, new byte[Largest + 1]));
        Assert.Equal(0, KernelDatagrams.Kept(socket.Address));
    }

    private static byte[] Numbered(int thread, int number)
    {
        byte[] payload = Bytes.Random(8 + (number % 500), seed: (thread * 10_000) + number);
        BinaryPrimitives.WriteInt32LittleEndian(payload, thread);
        BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(4), number);
        return payload;
    }
}
