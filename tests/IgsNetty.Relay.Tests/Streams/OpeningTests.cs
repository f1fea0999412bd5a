using IgsNetty.Protocol.Codec;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.FlowControl;
using IgsNetty.Relay.Streams;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Streams;

/// <summary>docs/protocol.md §6, from OpenStream to the first byte back.</summary>
public sealed class OpeningTests : RelayTest
{
    [Fact]
    public void OpenStream_says_where_to_for_whom_and_how_much_may_come_back()
    {
        LinkUnderTest link = NewLink();
        TargetAddress caller = TargetAddress.FromIP(System.Net.IPAddress.Parse("192.168.0.7"), 50000);
        Assert.NotNull(link.Link.TryOpen(FrameStream.AnyTarget, caller, new RecordingOwner(), out _));
        WireFrame frame = Assert.Single(link.Sent());
        Assert.Equal(1u, frame.StreamId);
        Assert.Null(MessageReader.Read(frame.Payload, out OpenStream open));
        Assert.Equal(OpenStream.Tcp(FlowControlDefaults.StartWindowBytes, FrameStream.AnyTarget, caller), open);
    }

    [Fact]
    public void The_answer_goes_to_who_asked()
    {
        LinkUnderTest link = NewLink();
        RecordingOwner owner = new();
        RelayStream stream = link.Open(owner);
        byte[] opened = GoldenVectors.Named("stream-opened").Bytes.ToArray();
        Assert.Empty(link.Receive(opened));
        Assert.Equal("10.1.0.2:41000", owner.Opened?.Bound?.ToString());
        Assert.Null(owner.Refused);
        stream.Reset(ResetReason.Cancelled);
        Assert.Equal(ResetReason.Cancelled, owner.Refused);
    }

    [Theory]
    [InlineData(ResetReason.ConnectionRefused)]
    [InlineData(ResetReason.NotAllowed)]
    [InlineData((ResetReason)999)]
    public void So_does_a_refusal(ResetReason reason)
    {
        LinkUnderTest link = NewLink();
        RecordingOwner owner = new();
        RelayStream stream = link.Open(owner);
        Assert.Empty(link.Receive(FrameStream.Reset(stream.Id, reason)));
        Assert.Equal(reason, owner.Refused);
        Assert.Null(owner.Opened);
    }

    [Fact]
    public void A_caller_that_is_joined_at_once_is_reset_by_a_refusal()
    {
        LinkUnderTest link = NewLink();
        RelayStream stream = link.Open();
        EmbeddedStreamSocket local = NewSocket();
        stream.Attach(local);
        Assert.Empty(link.Receive(FrameStream.Reset(stream.Id, ResetReason.ConnectionRefused)));
        Assert.True(local.IsAborted);
    }

    [Fact]
    public void The_opener_sends_before_the_answer_what_the_hello_of_the_peer_lets()
    {
        LinkUnderTest link = NewLink(new LinkSettings { PeerInitialWindow = 20_000 });
        RelayStream stream = link.Open();
        EmbeddedStreamSocket local = NewSocket();
        stream.Attach(local);
        local.Receive(RandomBytes.Make(1, 50_000));
        Assert.Equal(20_000, link.Sent().Sum(frame => frame.Header.PayloadLength));
        Assert.Equal(30_000, link.Receive(FrameStream.Opened(stream.Id, 100_000)).Sum(frame => frame.Header.PayloadLength));
    }

    [Fact]
    public void What_the_caller_has_sent_already_goes_first()
    {
        LinkUnderTest link = NewLink();
        RelayStream stream = link.Open();
        EmbeddedStreamSocket local = NewSocket();
        local.Receive([4, 5]);
        stream.Attach(local, Buffers.Holding([1, 2, 3]));
        Assert.Equal([1, 2, 3, 4, 5], FrameStream.Join(link.Sent().Select(frame => frame.Bytes.ToArray())));
    }

    [Fact]
    public void Nothing_sent_already_is_nothing()
    {
        LinkUnderTest link = NewLink();
        link.Open().Attach(NewSocket(), Buffers.Holding([]));
        Assert.Empty(link.Sent());
    }

    [Fact]
    public void Data_that_comes_before_the_target_is_held_and_goes_first()
    {
        LinkUnderTest link = NewLink();
        byte[] early = RandomBytes.Make(1, FlowControlDefaults.EarlyWindowBytes);
        ConnectRequest connect = link.Accept(2);
        foreach (byte[] piece in Splits.AtRandom(early, new Random(1), 5000))
        {
            Assert.Empty(link.Receive(FrameStream.Data(2, piece)));
        }

        Assert.Equal(early.Length, link.Memory.Held);
        EmbeddedStreamSocket target = NewSocket();
        target.Output.Room = 10_000;
        connect.Connect(target);
        IReadOnlyList<WireFrame> sent = link.Sent();
        Assert.Equal(FrameType.StreamOpened, sent[0].Type);
        Assert.Equal(FlowControlDefaults.StartWindowBytes - FlowControlDefaults.EarlyWindowBytes, sent[0].Credit);
        Assert.Empty(link.Receive(FrameStream.Data(2, 7, 8, 9)));
        target.Output.Drain(long.MaxValue);
        Assert.Equal([.. early, 7, 8, 9], target.Output.Take());
        Assert.Equal(0, link.Memory.Held);
    }

    [Fact]
    public void StreamOpened_says_where_the_target_is_called_from()
    {
        LinkUnderTest link = NewLink();
        EmbeddedStreamSocket target = NewSocket();
        link.Accept(2).Connect(target);
        Assert.Null(MessageReader.Read(Assert.Single(link.Sent()).Payload, out StreamOpened opened));
        Assert.Equal(TargetAddress.FromEndPoint(target.BoundTo!), opened.Bound);
        EmbeddedStreamSocket nameless = NewSocket();
        nameless.BoundTo = null;
        link.Accept(4).Connect(nameless);
        Assert.Null(MessageReader.Read(Assert.Single(link.Sent()).Payload, out opened));
        Assert.Null(opened.Bound);
    }

    [Fact]
    public void The_opener_gives_up_while_the_target_is_dialled()
    {
        LinkUnderTest link = NewLink();
        ConnectRequest connect = link.Accept(2);
        Assert.Empty(link.Receive(FrameStream.Data(2, RandomBytes.Make(1, 9000)), FrameStream.Reset(2, ResetReason.Cancelled)));
        Assert.Equal(0, link.Memory.Held);
        EmbeddedStreamSocket target = NewSocket();
        connect.Connect(target);
        Assert.Empty(link.Sent());
        Assert.True(target.IsAborted);
        ConnectRequest second = link.Accept(4);
        Assert.Empty(link.Receive(FrameStream.Reset(4, ResetReason.Cancelled)));
        second.Fail(ResetReason.ConnectionRefused);
        Assert.Empty(link.Sent());
    }

    [Fact]
    public void A_target_that_is_gone_again()
    {
        LinkUnderTest link = NewLink();
        ConnectRequest connect = link.Accept(2);
        EmbeddedStreamSocket target = NewSocket();
        _ = target.CloseAsync();
        Loop.RunTasks();
        Assert.False(target.Active);
        connect.Connect(target);
        Assert.Equal([FrameType.StreamOpened, FrameType.ResetStream], link.Sent().Select(frame => frame.Type));
        Assert.Equal(0, link.Link.StreamCount);
    }

    [Fact]
    public void A_caller_that_is_gone()
    {
        LinkUnderTest link = NewLink();
        EmbeddedStreamSocket local = NewSocket();
        _ = local.CloseAsync();
        Loop.RunTasks();
        RelayStream stream = link.Open();
        stream.Attach(local, Buffers.Holding([1, 2]));
        Assert.Equal([FrameType.Data, FrameType.ResetStream], link.Sent().Select(frame => frame.Type));
        Assert.Equal(0, link.Link.StreamCount);
    }
}
