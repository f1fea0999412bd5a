using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>docs/protocol.md §10: how a flow ends at the acceptor, and that its port is free then.</summary>
public sealed class ReplyPortEndTests : DatagramTest
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(3600)]
    [InlineData(65_535)]
    public void It_is_kept_for_the_response_timeout_and_a_little_longer(int seconds)
    {
        LinkUnderTest link = NewLink(Open);
        FakeDatagramSocket port = Accept(link, 2, seconds);
        Loop.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Empty(link.Sent());
        Assert.False(port.IsClosed);
        Loop.Advance(TimeSpan.FromSeconds(seconds * 0.05));
        WireFrame end = Assert.Single(link.Sent());
        Assert.Equal((FrameType.EndOfStream, 2u), (end.Type, end.StreamId));
        AssertFreed(link, port);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Each_datagram_in_either_direction_begins_the_time_anew(bool fromTarget)
    {
        LinkUnderTest link = NewLink(Open);
        FakeDatagramSocket port = Accept(link, 2, 2);
        for (int i = 0; i < 10; i++)
        {
            Loop.Advance(TimeSpan.FromSeconds(2));
            if (fromTarget)
            {
                port.Receive(Udp.Address(Target), 1);
                Assert.Equal(["2 target 01"], Datagrams(link.Sent()));
            }
            else
            {
                Assert.Empty(link.Receive(FrameStream.Datagram(2, null, 1)));
            }
        }

        Loop.Advance(TimeSpan.FromSeconds(2));
        Assert.False(port.IsClosed);
        Loop.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(port.IsClosed);
    }

    [Fact]
    public void What_is_no_reply_does_not()
    {
        LinkUnderTest link = NewLink(Open);
        FakeDatagramSocket port = Accept(link, 2, 2);
        for (int i = 0; i < 3; i++)
        {
            Loop.Advance(TimeSpan.FromSeconds(0.7));
            port.Receive(Udp.Address("10.9.9.9:9"), 1);
            port.ReceiveError();
        }

        Assert.True(port.IsClosed);
    }

    [Fact]
    public void A_flow_that_is_never_used_ends_too()
    {
        LinkUnderTest link = NewLink(Open);
        link.Receive(FrameStream.OpenUdp(2, Target, timeout: 1));
        Loop.Advance(TimeSpan.FromSeconds(1.05));
        Assert.Equal(FrameType.EndOfStream, Assert.Single(link.Sent()).Type);
        Assert.Equal(0, link.Datagrams.ReplyPorts.Count);
    }

    [Fact]
    public void EndOfStream_of_the_opener_frees_the_port_at_once()
    {
        LinkUnderTest link = NewLink(Open);
        FakeDatagramSocket port = Accept(link, 2);
        Assert.Empty(link.Receive(FrameStream.End(2)));
        AssertFreed(link, port);
        Loop.Advance(TimeSpan.FromSeconds(20));
        Assert.Empty(link.Sent());
    }

    [Fact]
    public void ResetStream_of_the_opener_frees_the_port_at_once()
    {
        LinkUnderTest link = NewLink(Open);
        FakeDatagramSocket port = Accept(link, 2);
        Assert.Empty(link.Receive(FrameStream.Reset(2, ResetReason.Cancelled)));
        AssertFreed(link, port);
    }

    [Fact]
    public void The_loss_of_the_link_frees_the_port_at_once()
    {
        LinkUnderTest link = NewLink(Open);
        FakeDatagramSocket port = Accept(link, 2);
        FakeDatagramSocket other = Accept(link, 4);
        link.Socket.ReceiveReset();
        Loop.RunTasks();
        AssertFreed(link, port);
        Assert.True(other.IsClosed);
        Loop.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, link.Totals.ReplyPortsClosed);
    }

    [Fact]
    public void A_datagram_that_crosses_the_end_is_thrown_away()
    {
        LinkUnderTest link = NewLink(Open);
        FakeDatagramSocket port = Accept(link, 2, 1);
        Loop.Advance(TimeSpan.FromSeconds(1.05));
        _ = link.Sent();
        Assert.Empty(link.Receive(FrameStream.Datagram(2, null, 1), FrameStream.End(2)));
        Assert.Empty(Sent(port));
        Assert.Single(link.Transport.Datagrams);
    }

    [Fact]
    public void Thousands_come_and_go_and_nothing_is_left()
    {
        LinkUnderTest link = NewLink(Open);
        for (uint id = 2; id <= 2 * 5_000; id += 2)
        {
            link.Receive(FrameStream.OpenUdp(id, Target, 1), FrameStream.Datagram(id, null, 1));
            Loop.Advance(TimeSpan.FromMilliseconds(5));
            Assert.InRange(link.Datagrams.ReplyPorts.Count, 1, 220);
        }

        Loop.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, link.Datagrams.ReplyPorts.Count);
        Assert.Equal(5_000, link.Totals.ReplyPortsClosed);
        Assert.All(link.Transport.Datagrams, socket => Assert.True(socket.IsClosed));
        Assert.Equal(KeepAlives, Loop.Timers);
    }

    private static void AssertFreed(LinkUnderTest link, FakeDatagramSocket port)
    {
        Assert.True(port.IsClosed);
        Assert.Equal(0, link.Datagrams.ReplyPorts.Count);
        Assert.Equal(0, link.Link.StreamCount);
        Assert.Equal(link.Totals.ReplyPortsOpened, link.Totals.ReplyPortsClosed);
    }
}
