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

    // The bytes wait in the socket where the transport asks the gate, else in the stream: then the socket is gone already.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_application_resets_while_its_bytes_wait_for_credit(bool isGateIgnored)
    {
        LinkUnderTest link = NewLink(new LinkSettings { PeerInitialWindow = 1 });
        RelayStream stream = Joined(link, out EmbeddedStreamSocket local, isGateIgnored);
        byte[] bytes = RandomBytes.Make(1, 5000);
        local.Receive(bytes);
        Assert.Equal(FrameType.Data, Assert.Single(link.Sent()).Type);
        local.ReceiveReset();
        Assert.Empty(link.Sent());
        Assert.Equal(isGateIgnored, !local.Active);
        IReadOnlyList<WireFrame> sent =
            [.. link.Receive(FrameStream.Update(stream.Id, 4000)), .. link.Receive(FrameStream.Update(stream.Id, 5000))];
        Assert.Equal(FrameType.ResetStream, sent[^1].Type);
        Assert.Equal(ResetReason.ConnectionReset, sent[^1].ResetReason);
        Assert.Equal(bytes[1..], sent.SkipLast(1).SelectMany(frame => frame.Payload.ToArray()));
        AssertOver(link, local);
        Assert.Empty(link.Receive(FrameStream.Update(stream.Id, 100)));
    }

    [Fact]
    public void The_application_has_reset_and_credit_never_comes()
    {
        LinkUnderTest link = NewLink(new LinkSettings { PeerInitialWindow = 1 });
        RelayStream stream = Joined(link, out EmbeddedStreamSocket local, isGateIgnored: true);
        local.Receive(RandomBytes.Make(1, 5000));
        local.ReceiveReset();
        Assert.Single(link.Sent());
        Assert.Empty(link.Receive(FrameStream.Data(stream.Id, new byte[5000]))); // for nobody
        Assert.Equal(0, link.Memory.Held);
        Loop.Advance(DueResets.Patience - TimeSpan.FromSeconds(1));
        Assert.Empty(link.Sent());
        Loop.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(ResetReason.ConnectionReset, Assert.Single(link.Sent()).ResetReason);
        AssertOver(link, local);
    }

    [Fact]
    public void The_application_resets_while_the_link_is_full()
    {
        LinkUnderTest link = NewLink();
        Joined(link, out EmbeddedStreamSocket local, isGateIgnored: true);
        link.Socket.Output.Room = 10;
        local.Receive(RandomBytes.Make(1, 5000));
        local.Receive(RandomBytes.Make(2, 5000));
        Loop.RunTasks();
        local.Receive(RandomBytes.Make(3, 5000));
        local.ReceiveReset();
        Loop.RunTasks();
        link.Socket.Output.Drain(long.MaxValue);
        IReadOnlyList<WireFrame> sent = link.Sent();
        Assert.Equal(FrameType.ResetStream, sent[^1].Type);
        Assert.Equal(15_000, sent.SkipLast(1).Sum(frame => frame.Payload.Length));
        AssertOver(link, local);
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
        Assert.Equal(0, link.Link.StreamCount);
        Assert.True(local.Active); // it is still to get 4,990 bytes
        Assert.True(local.IsResetOnClose);
        Assert.False(local.IsReading);
        Assert.Equal(4990, link.Memory.Held);
        local.Output.Drain(long.MaxValue);
        Loop.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(5000, local.Output.Take().Length);
        Assert.True(local.IsAborted);
        AssertOver(link, local);
        Assert.Equal(0, link.Memory.Held);
    }

    [Fact]
    public void The_peer_resets_and_the_application_never_reads()
    {
        LinkUnderTest link = NewLink();
        RelayStream stream = Joined(link, out EmbeddedStreamSocket local);
        local.Output.Room = 10;
        link.Receive(FrameStream.Data(stream.Id, new byte[5000]), FrameStream.Reset(stream.Id, ResetReason.ConnectionReset));
        Loop.Advance(DueResets.Patience - TimeSpan.FromSeconds(1));
        Assert.True(local.Active);
        Loop.Advance(TimeSpan.FromSeconds(2));
        Assert.True(local.IsAborted);
        Assert.Equal(0, link.Memory.Held);
        AssertOver(link, local);
    }

    [Fact]
    public void The_peer_resets_behind_its_end_that_waits()
    {
        LinkUnderTest link = NewLink();
        RelayStream stream = Joined(link, out EmbeddedStreamSocket local);
        local.Output.Room = 10;
        link.Receive(
            FrameStream.Data(stream.Id, new byte[5000]), FrameStream.End(stream.Id), FrameStream.Reset(stream.Id, ResetReason.ConnectionReset));
        Assert.False(local.IsOutputShut);
        local.Output.Drain(long.MaxValue);
        Loop.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(5000, local.Output.Take().Length);
        Assert.True(local.IsOutputShut);
        Assert.True(local.IsAborted);
    }

    [Fact]
    public void When_the_link_is_lost_the_application_still_gets_what_came()
    {
        LinkUnderTest link = NewLink();
        RelayStream stream = Joined(link, out EmbeddedStreamSocket local);
        local.Output.Room = 10;
        link.Receive(FrameStream.Data(stream.Id, new byte[5000]));
        link.Socket.ReceiveReset();
        Loop.RunTasks();
        Assert.True(local.Active);
        local.Output.Drain(long.MaxValue);
        Loop.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(5000, local.Output.Take().Length);
        Assert.True(local.IsAborted);
    }

    // Each holds a socket, and the peer may open another stream for it.
    [Fact]
    public void Of_too_many_resets_that_wait_one_more_does_not()
    {
        LinkUnderTest link = NewLink();
        List<EmbeddedStreamSocket> locals = [];
        for (int i = 0; i <= DueResets.Most; i++)
        {
            RelayStream stream = Joined(link, out EmbeddedStreamSocket local);
            local.Output.Room = 0;
            link.Receive(FrameStream.Data(stream.Id, 1), FrameStream.Reset(stream.Id, ResetReason.ConnectionReset));
            locals.Add(local);
        }

        Assert.True(locals[^1].IsAborted);
        Assert.All(locals.SkipLast(1), local => Assert.True(local.Active));
        Loop.Advance(DueResets.Patience * 2);
        Assert.All(locals, local => Assert.True(local.IsAborted));
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

    private RelayStream Joined(LinkUnderTest link, out EmbeddedStreamSocket local, bool isGateIgnored = false)
    {
        local = NewSocket();
        local.IsGateIgnored |= isGateIgnored;
        RelayStream stream = link.Open();
        Assert.Empty(link.Receive(FrameStream.Opened(stream.Id)));
        stream.Attach(local);
        return stream;
    }
}
