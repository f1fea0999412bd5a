using System.Net;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>What the network says of datagrams that did not arrive.</summary>
public abstract class DatagramUndeliveredTests : DatagramTests
{
    [Theory, MemberData(nameof(Families))]
    public async Task A_closed_port_is_told_and_the_next_datagrams_go(string bound, string peerAddress)
    {
        (IDatagramSocket socket, DatagramProbe probe) = Bind(bound);
        DatagramPeer peer = Peer(peerAddress);
        UdpAddress closed = ClosedPort(peerAddress);
        int sent = 0;
        for (int i = 1; i <= 50; i++)
        {
            sent += await UntilReportedAsync(socket, probe, closed, i, new byte[i]);
            await AssertWorksAsync(socket, probe, peer);
        }

        Assert.InRange(probe.Undelivered, 50, sent);
    }

    // The error waits in the socket and is the answer to the next call, which may be the sending of something else.
    [Theory, MemberData(nameof(Families))]
    public async Task A_datagram_that_is_sent_right_after_is_not_lost(string bound, string peerAddress)
    {
        (IDatagramSocket socket, DatagramProbe probe) = Bind(bound);
        DatagramPeer peer = Peer(peerAddress);
        UdpAddress closed = ClosedPort(peerAddress);
        for (int i = 0; i < 500; i++)
        {
            Assert.Equal(DatagramSend.Sent, socket.Send(closed, []));
            Assert.Equal(DatagramSend.Sent, socket.Send(peer.Address, new byte[i]));
            Assert.Equal(i, (await peer.ReceiveAsync()).Payload.Length);
        }

        await UntilReportedAsync(socket, probe, closed);
    }

    [Theory, MemberData(nameof(Families))]
    public async Task Ten_thousand_errors_leave_all_the_room_for_datagrams(string bound, string peerAddress)
    {
        (IDatagramSocket socket, DatagramProbe probe) = Bind(bound);
        DatagramPeer peer = Peer(peerAddress);
        UdpAddress closed = ClosedPort(peerAddress);
        for (int i = 0; i < 10_000; i++)
        {
            Assert.Equal(DatagramSend.Sent, socket.Send(closed, new byte[100]));
        }

        await UntilReportedAsync(socket, probe, closed);
        await KernelDatagrams.UntilNothingKeptAsync(socket.Address);
        using (await LoopHold.BeginAsync(Loop))
        {
            for (int i = 0; i < 200; i++)
            {
                peer.Send(SeenFrom(socket, peer), new byte[i]);
            }
        }

        await probe.UntilReceivedAsync(200);
        await AssertWorksAsync(socket, probe, peer);
    }

    // One flow's errors come between another's call and its retry, again and again.
    [Theory, MemberData(nameof(Families))]
    public async Task Errors_of_one_thread_lose_nothing_of_anothers(string bound, string peerAddress)
    {
        (IDatagramSocket socket, DatagramProbe probe) = Bind(bound);
        DatagramPeer peer = Peer(peerAddress);
        UdpAddress closed = ClosedPort(peerAddress);
        bool ended = false;
        Task<int> troubling = Task.Factory.StartNew(
            () =>
            {
                int sent = 0;
                for (; !Volatile.Read(ref ended); sent++)
                {
                    socket.Send(closed, []);
                }

                return sent;
            },
            TaskCreationOptions.LongRunning);
        await probe.UntilUndeliveredAsync();
        try
        {
            for (int i = 0; i < 2_000; i++)
            {
                Assert.Equal(DatagramSend.Sent, socket.Send(peer.Address, new byte[i % 100]));
                Assert.Equal(i % 100, (await peer.ReceiveAsync()).Payload.Length);
            }
        }
        finally
        {
            Volatile.Write(ref ended, true);
        }

        Assert.NotEqual(0, await troubling.InTime());
        await AssertWorksAsync(socket, probe, peer);
        await KernelDatagrams.UntilNothingKeptAsync(socket.Address);
    }

    // RFC 792. The socket is told by a waiting receive, or, with the loop busy, by a call to send.
    [RawSocketTheory]
    [InlineData(3, 0, "net unreachable")]
    [InlineData(3, 1, "host unreachable")]
    [InlineData(3, 2, "protocol unreachable")]
    [InlineData(3, 3, "port unreachable")]
    [InlineData(3, 4, "too large for the way")]
    [InlineData(3, 5, "source route failed")]
    [InlineData(3, 7, "host unknown")]
    [InlineData(3, 8, "host isolated")]
    [InlineData(3, 13, "filtered")]
    [InlineData(11, 0, "time to live exceeded")]
    [InlineData(12, 0, "parameter problem")]
    public async Task Whatever_a_router_says_is_told_and_the_next_datagrams_go(byte type, byte code, string name)
    {
        Assert.NotEmpty(name);
        (IDatagramSocket socket, DatagramProbe probe) = Bind();
        DatagramPeer peer = Peer();
        IPEndPoint far = new(IPAddress.Parse("203.0.113.1"), 9);
        for (int i = 1; i <= 20; i++)
        {
            ForgedIcmp.Send(type, code, socket.Address, far);
            await probe.UntilUndeliveredAsync(i);
        }

        await KernelDatagrams.UntilNothingKeptAsync(socket.Address);
        for (int i = 1; i <= 20; i++)
        {
            using (await LoopHold.BeginAsync(Loop))
            {
                ForgedIcmp.Send(type, code, socket.Address, far);
                Assert.Equal(DatagramSend.Sent, socket.Send(peer.Address, new byte[i]));
                Assert.Equal(i, (await peer.ReceiveAsync()).Payload.Length);
            }

            await probe.UntilUndeliveredAsync(20 + i);
        }

        await KernelDatagrams.UntilNothingKeptAsync(socket.Address);
        await AssertWorksAsync(socket, probe, peer);
    }

    [Fact]
    public async Task A_report_never_comes_from_inside_a_call()
    {
        (IDatagramSocket socket, DatagramProbe probe) = Bind();
        UdpAddress closed = ClosedPort();
        bool isSending = false;
        bool cameInside = false;
        probe.OnReport = () => cameInside |= isSending;
        await Waiting.RepeatUntilAsync(probe.UntilUndeliveredAsync(), () => Loop.Execute(() =>
        {
            isSending = true;
            for (int i = 0; i < 100; i++)
            {
                socket.Send(closed, []);
            }

            isSending = false;
        }));
        Assert.False(cameInside);
    }

    [Fact]
    public async Task No_report_comes_after_a_close_on_the_loop()
    {
        for (int i = 0; i < 100; i++)
        {
            (IDatagramSocket socket, DatagramProbe probe) = Bind();
            UdpAddress closed = ClosedPort();
            int atClose = await Loop.CallAsync(() =>
            {
                socket.Send(closed, []);
                socket.Send(closed, []);
                socket.Close();
                return probe.Undelivered;
            });
            await Loop.CallAsync(() => { });
            Assert.Equal(atClose, probe.Undelivered);
        }
    }
}
