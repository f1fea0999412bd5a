using IgsNetty.Protocol.Frames;
using IgsNetty.Relay.Streams;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Streams;

/// <summary>docs/protocol.md §8: each direction ends on its own, after all its bytes, as with TCP.</summary>
public sealed class HalfCloseTests : RelayTest
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_application_ends_first(bool opener)
    {
        LinkUnderTest link = NewLink();
        uint id = Joined(link, opener, out EmbeddedStreamSocket local);
        local.Receive([1, 2, 3]);
        local.ReceiveEnd();
        IReadOnlyList<WireFrame> sent = link.Sent();
        Assert.Equal([FrameType.Data, FrameType.EndOfStream], sent.Select(frame => frame.Type));
        Assert.False(local.IsOutputShut);

        Assert.Empty(link.Receive(FrameStream.Data(id, 4, 5)));
        Assert.Equal([4, 5], local.Output.Take());
        Assert.Empty(link.Receive(FrameStream.Data(id, 6), FrameStream.End(id)));
        Assert.Equal([6], local.Output.Take());
        AssertClosedWell(link, local);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_peer_ends_first(bool opener)
    {
        LinkUnderTest link = NewLink();
        uint id = Joined(link, opener, out EmbeddedStreamSocket local);
        Assert.Empty(link.Receive(FrameStream.Data(id, 1, 2), FrameStream.End(id)));
        Assert.Equal([1, 2], local.Output.Take());
        Assert.True(local.IsOutputShut);
        Assert.True(local.Active);
        Assert.True(local.IsReading);

        local.Receive([3, 4]);
        Assert.Equal([3, 4], Assert.Single(link.Sent()).Bytes.ToArray());
        local.ReceiveEnd();
        Assert.Equal(FrameType.EndOfStream, Assert.Single(link.Sent()).Type);
        AssertClosedWell(link, local);
    }

    [Fact]
    public void The_peers_end_waits_for_a_slow_application()
    {
        LinkUnderTest link = NewLink();
        uint id = Joined(link, opener: true, out EmbeddedStreamSocket local);
        local.Output.Room = 2;
        Assert.Empty(link.Receive(FrameStream.Data(id, 1, 2, 3, 4, 5), FrameStream.End(id)));
        Assert.False(local.IsOutputShut);
        local.Output.Drain(2);
        Loop.RunTasks();
        Assert.False(local.IsOutputShut);
        local.Output.Drain(1);
        Loop.RunTasks();
        Assert.True(local.IsOutputShut);
        Assert.Equal([1, 2, 3, 4, 5], local.Output.Take());
        local.ReceiveEnd();
        Assert.Equal(FrameType.EndOfStream, Assert.Single(link.Sent()).Type);
        AssertClosedWell(link, local);
    }

    [Fact]
    public void The_applications_end_waits_for_credit()
    {
        LinkUnderTest link = NewLink(new LinkSettings { PeerInitialWindow = 2 });
        uint id = Joined(link, opener: true, out EmbeddedStreamSocket local);
        local.Receive([1, 2, 3, 4, 5]);
        local.ReceiveEnd();
        Assert.Equal([1, 2], Assert.Single(link.Sent()).Bytes.ToArray());
        Assert.Equal([3, 4], Assert.Single(link.Receive(FrameStream.Update(id, 2))).Bytes.ToArray());

        // The FIN is still in the socket: it is not read before all bytes are sent.
        IReadOnlyList<WireFrame> rest = link.Receive(FrameStream.Update(id, 1), FrameStream.Update(id, 1));
        Assert.Equal([FrameType.Data, FrameType.EndOfStream], rest.Select(frame => frame.Type));
        Assert.Equal([5], rest[0].Bytes.ToArray());
    }

    [Fact]
    public void The_applications_end_needs_no_credit_of_its_own()
    {
        LinkUnderTest link = NewLink(new LinkSettings { PeerInitialWindow = 5 });
        uint id = Joined(link, opener: true, out EmbeddedStreamSocket local);
        local.Receive([1, 2, 3, 4, 5]);
        Assert.Single(link.Sent());
        Assert.False(local.IsReading);
        local.ReceiveEnd();
        Assert.Empty(link.Sent());
        Assert.Equal(FrameType.EndOfStream, Assert.Single(link.Receive(FrameStream.Update(id, 1))).Type);
    }

    [Fact]
    public void Both_at_once()
    {
        LinkUnderTest link = NewLink();
        uint id = Joined(link, opener: true, out EmbeddedStreamSocket local);
        local.ReceiveEnd();
        Assert.Equal(FrameType.EndOfStream, Assert.Single(link.Receive(FrameStream.End(id))).Type);
        AssertClosedWell(link, local);
    }

    [Fact]
    public void The_opener_ends_before_the_answer_comes()
    {
        LinkUnderTest link = NewLink();
        RelayStream stream = link.Open();
        EmbeddedStreamSocket local = NewSocket();
        local.Receive([1, 2]);
        local.ReceiveEnd();
        stream.Attach(local);
        Assert.Equal([FrameType.Data, FrameType.EndOfStream], link.Sent().Select(frame => frame.Type));
        Assert.Empty(link.Receive(FrameStream.Opened(stream.Id), FrameStream.Data(stream.Id, 3), FrameStream.End(stream.Id)));
        Assert.Equal([3], local.Output.Take());
        AssertClosedWell(link, local);
    }

    [Fact]
    public void The_opener_has_ended_before_the_target_is_connected()
    {
        LinkUnderTest link = NewLink();
        byte[] request = RandomBytes.Make(1, 30_000);
        ConnectRequest connect = link.Accept(2);
        Assert.Empty(link.Receive(FrameStream.Data(2, request), FrameStream.End(2)));
        EmbeddedStreamSocket target = NewSocket();
        connect.Connect(target);
        Assert.Equal(FrameType.StreamOpened, Assert.Single(link.Sent()).Type);
        Assert.Equal(request, target.Output.Take());
        Assert.True(target.IsOutputShut);
        target.Receive([9]);
        target.ReceiveEnd();
        Assert.Equal([FrameType.Data, FrameType.EndOfStream], link.Sent().Select(frame => frame.Type));
        AssertClosedWell(link, target);
    }

    private static void AssertClosedWell(LinkUnderTest link, EmbeddedStreamSocket local)
    {
        link.EventLoop.RunTasks();
        Assert.True(local.IsOutputShut);
        Assert.False(local.Active);
        Assert.False(local.IsAborted);
        Assert.Equal(0, link.Link.StreamCount);
        Assert.False(link.IsClosed);
        Assert.Equal(0, link.RelayLoop.Totals.StreamsReset);
        Assert.Equal(1, link.RelayLoop.Totals.StreamsEnded);
    }

    private uint Joined(LinkUnderTest link, bool opener, out EmbeddedStreamSocket local)
    {
        local = NewSocket();
        uint id = link.Theirs();
        if (opener)
        {
            RelayStream stream = link.Open();
            Assert.Empty(link.Receive(FrameStream.Opened(stream.Id)));
            stream.Attach(local);
            id = stream.Id;
        }
        else
        {
            link.Accept(id).Connect(local);
            Assert.Equal(FrameType.StreamOpened, Assert.Single(link.Sent()).Type);
        }

        return id;
    }
}
