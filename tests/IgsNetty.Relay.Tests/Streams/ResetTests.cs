using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Streams;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Streams;

/// <summary>docs/protocol.md §8: a reset ends both directions at once, and is never taken for an end.</summary>
public sealed class ResetTests : RelayTest
{
    [Fact]
    public void The_application_resets()
    {
        LinkUnderTest link = NewLink();
        Joined(link, out EmbeddedStreamSocket local);
        local.ReceiveReset();
        Assert.Equal(ResetReason.ConnectionReset, Assert.Single(link.Sent()).ResetReason);
        AssertOver(link, local);
    }

    [Fact]
    public void The_application_resets_after_its_end()
    {
        LinkUnderTest link = NewLink();
        Joined(link, out EmbeddedStreamSocket local);
        local.ReceiveEnd();
        local.ReceiveReset();
        Assert.Equal([FrameType.EndOfStream, FrameType.ResetStream], link.Sent().Select(frame => frame.Type));
        AssertOver(link, local);
    }

    [Fact]
    public void The_application_resets_while_its_bytes_wait_for_credit()
    {
        LinkUnderTest link = NewLink(new LinkSettings { PeerInitialWindow = 1 });
        RelayStream stream = Joined(link, out EmbeddedStreamSocket local);
        local.Receive(RandomBytes.Make(1, 5000));
        Assert.Equal(FrameType.Data, Assert.Single(link.Sent()).Type);
        local.ReceiveReset();
        Assert.Equal(FrameType.ResetStream, Assert.Single(link.Sent()).Type);
        AssertOver(link, local);
        Assert.Empty(link.Receive(FrameStream.Update(stream.Id, 100)));
    }

    [Fact]
    public void The_application_resets_while_bytes_wait_for_it()
    {
        LinkUnderTest link = NewLink();
        RelayStream stream = Joined(link, out EmbeddedStreamSocket local);
        local.Output.Room = 0;
        Assert.Empty(link.Receive(FrameStream.Data(stream.Id, new byte[5000])));
        local.ReceiveReset();
        Assert.Equal(ResetReason.ConnectionReset, Assert.Single(link.Sent()).ResetReason);
        Assert.Equal(0, link.Memory.Held);
        AssertOver(link, local);
    }

    [Fact]
    public void The_application_resets_when_the_link_has_brought_everything()
    {
        LinkUnderTest link = NewLink();
        RelayStream stream = Joined(link, out EmbeddedStreamSocket local);
        local.Output.Room = 0;
        local.ReceiveEnd();
        Assert.Single(link.Receive(FrameStream.Data(stream.Id, new byte[5000]), FrameStream.End(stream.Id)));
        Assert.Equal(5000, link.Memory.Held);
        local.ReceiveReset();
        Assert.Empty(link.Sent());
        Assert.Equal(0, link.Memory.Held);
        Assert.Equal(0, link.Link.StreamCount);
    }

    [Theory]
    [InlineData(ResetReason.Cancelled)]
    [InlineData(ResetReason.ConnectionReset)]
    [InlineData(ResetReason.OutOfMemory)]
    [InlineData((ResetReason)4711)]
    public void The_peer_resets(ResetReason reason)
    {
        LinkUnderTest link = NewLink();
        RelayStream stream = Joined(link, out EmbeddedStreamSocket local);
        Assert.Empty(link.Receive(FrameStream.Reset(stream.Id, reason)));
        AssertOver(link, local);
        Assert.Empty(link.Receive(FrameStream.Reset(stream.Id, reason), FrameStream.Data(stream.Id, 1), FrameStream.Update(stream.Id, 1)));
    }

    [Fact]
    public void The_peer_resets_while_bytes_wait_both_ways()
    {
        LinkUnderTest link = NewLink(new LinkSettings { PeerInitialWindow = 1 });
        RelayStream stream = Joined(link, out EmbeddedStreamSocket local);
        local.Output.Room = 10;
        local.Receive(RandomBytes.Make(1, 5000));
        Assert.Single(link.Receive(FrameStream.Data(stream.Id, new byte[5000])));
        Assert.Empty(link.Receive(FrameStream.Reset(stream.Id, ResetReason.Cancelled)));
        AssertOver(link, local);
        Assert.Equal(0, link.Memory.Held);
    }

    [Fact]
    public void What_the_application_sent_before_a_reset_of_ours_is_not_sent_after_it()
    {
        LinkUnderTest link = NewLink();
        RelayStream stream = Joined(link, out EmbeddedStreamSocket local);
        local.Receive([1, 2, 3]);
        stream.Reset(ResetReason.Shutdown);
        Assert.Equal(ResetReason.Shutdown, Assert.Single(link.Sent()).ResetReason);
        stream.Reset(ResetReason.Cancelled);
        Assert.Empty(link.Sent());
        AssertOver(link, local);
    }

    [Fact]
    public void A_failure_of_the_socket_is_a_reset()
    {
        LinkUnderTest link = NewLink();
        Joined(link, out EmbeddedStreamSocket local);
        local.Pipeline.FireExceptionCaught(new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.TimedOut));
        Assert.Equal(ResetReason.ConnectionReset, Assert.Single(link.Sent()).ResetReason);
        AssertOver(link, local);
    }

    [Fact]
    public void Bytes_that_were_read_in_the_same_turn_as_the_reset_are_given_back()
    {
        LinkUnderTest link = NewLink();
        RelayStream stream = Joined(link, out EmbeddedStreamSocket local);
        stream.Reset(ResetReason.Cancelled);
        local.Pipeline.FireChannelRead(Buffers.Holding([1, 2, 3]));
        Assert.Equal(FrameType.ResetStream, Assert.Single(link.Sent()).Type);
        AssertOver(link, local);
    }

    private static void AssertOver(LinkUnderTest link, EmbeddedStreamSocket local)
    {
        link.EventLoop.RunTasks();
        Assert.False(local.Active);
        Assert.False(local.IsOutputShut, "a reset must not look like an end");
        Assert.Equal(0, link.Link.StreamCount);
        Assert.Equal(1, link.RelayLoop.Totals.StreamsReset);
        Assert.Equal(1, link.RelayLoop.Totals.StreamsEnded);
        Assert.False(link.IsClosed);
    }

    private RelayStream Joined(LinkUnderTest link, out EmbeddedStreamSocket local)
    {
        local = NewSocket();
        RelayStream stream = link.Open();
        Assert.Empty(link.Receive(FrameStream.Opened(stream.Id)));
        stream.Attach(local);
        return stream;
    }
}
