using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.FlowControl;
using IgsNetty.Relay.Streams;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Links;

/// <summary>docs/protocol.md §7: credit that is wrong closes the link.</summary>
public sealed class CreditTests : RelayTest
{
    [Fact]
    public void More_data_than_the_opener_gave_credit_for()
    {
        LinkUnderTest link = NewLink();
        RelayStream stream = link.Open();
        Assert.Empty(link.Receive(FrameStream.Opened(stream.Id)));
        EmbeddedStreamSocket local = Full(stream);
        Assert.Empty(link.Receive(Data(stream.Id, FlowControlDefaults.StartWindowBytes)));
        LinkUnderTest.AssertBreach(GoAwayReason.FlowControlError, link.Receive(FrameStream.Data(stream.Id, 1)));
        Assert.True(local.IsResetOnClose);
    }

    [Fact]
    public void More_data_than_the_hello_of_the_acceptor_gave_credit_for()
    {
        LinkUnderTest link = NewLink();
        link.Accept(link.Theirs());
        Assert.Empty(link.Receive(Data(link.Theirs(), FlowControlDefaults.EarlyWindowBytes)));
        LinkUnderTest.AssertBreach(GoAwayReason.FlowControlError, link.Receive(FrameStream.Data(link.Theirs(), 1)));
    }

    [Fact]
    public void Credit_counts_in_the_middle_of_a_frame()
    {
        LinkUnderTest link = NewLink();
        link.Accept(link.Theirs());
        byte[] frame = FrameStream.Data(link.Theirs(), new byte[FlowControlDefaults.EarlyWindowBytes + 1]);
        Assert.Empty(link.Receive(frame[..1000]));
        LinkUnderTest.AssertBreach(GoAwayReason.FlowControlError, link.Receive(frame[1000..]));
    }

    [Theory]
    [InlineData(StreamSituation.OpenerWaits)]
    [InlineData(StreamSituation.OpenerOpen)]
    [InlineData(StreamSituation.OpenerHasEnded)]
    [InlineData(StreamSituation.AcceptorConnects)]
    [InlineData(StreamSituation.AcceptorOpen)]
    [InlineData(StreamSituation.OpenerOver)]
    [InlineData(StreamSituation.OwnIdNeverOpened)]
    public void A_WindowUpdate_of_nothing(StreamSituation situation)
    {
        LinkUnderTest link = NewLink();
        uint id = new Situations(link, NewSocket).Bring(situation);
        LinkUnderTest.AssertBreach(GoAwayReason.FlowControlError, link.Receive(FrameStream.Raw(FrameType.WindowUpdate, id, 0, 0, 0, 0)));
    }

    [Theory]
    [InlineData(StreamSituation.OpenerWaits)]
    [InlineData(StreamSituation.OpenerOpen)]
    [InlineData(StreamSituation.AcceptorConnects)]
    [InlineData(StreamSituation.AcceptorOpen)]
    public void Credit_that_adds_up_to_2_to_the_31(StreamSituation situation)
    {
        LinkUnderTest link = NewLink();
        uint id = new Situations(link, NewSocket).Bring(situation);
        Assert.Empty(link.Receive(FrameStream.Update(id, int.MaxValue - 65_536)));
        LinkUnderTest.AssertBreach(GoAwayReason.FlowControlError, link.Receive(FrameStream.Update(id, 1)));
    }

    [Fact]
    public void Credit_that_adds_up_to_2_to_the_31_by_StreamOpened()
    {
        LinkUnderTest link = NewLink();
        RelayStream stream = link.Open();
        LinkUnderTest.AssertBreach(GoAwayReason.FlowControlError, link.Receive(FrameStream.Opened(stream.Id, int.MaxValue)));
    }

    [Theory]
    [InlineData(FrameType.OpenStream)]
    [InlineData(FrameType.StreamOpened)]
    [InlineData(FrameType.WindowUpdate)]
    public void A_window_of_2_to_the_31_in_one_frame(FrameType type)
    {
        LinkUnderTest link = NewLink();
        RelayStream stream = link.Open();
        byte[] frame = type switch
        {
            FrameType.OpenStream => FrameStream.Open(link.Theirs()),
            FrameType.StreamOpened => FrameStream.Opened(stream.Id),
            _ => FrameStream.Update(stream.Id, 1),
        };
        frame[FrameHeader.Size + (type == FrameType.OpenStream ? 4 : 0)] = 0x80;
        LinkUnderTest.AssertBreach(GoAwayReason.FlowControlError, link.Receive(frame));
    }

    [Fact]
    public void Data_that_goes_straight_to_its_application_costs_no_window()
    {
        LinkUnderTest link = NewLink();
        RelayStream stream = link.Open();
        Assert.Empty(link.Receive(FrameStream.Opened(stream.Id)));
        EmbeddedStreamSocket local = NewSocket();
        stream.Attach(local);
        byte[] sent = RandomBytes.Make(1, 4 * FlowControlDefaults.StartWindowBytes);
        long given = 0;
        foreach (byte[] piece in sent.Chunk(200_000))
        {
            given += link.Receive(FrameStream.Data(stream.Id, piece)).Sum(frame => frame.Credit);
        }

        Assert.Equal(sent, local.Output.Take());
        Assert.InRange(sent.Length - given, 0, FlowControlDefaults.StartWindowBytes / 4);
        Assert.Equal(0, link.Memory.Held);
    }

    private static byte[] Data(uint id, int size) =>
        FrameStream.Join(new byte[size].Chunk(100_000).Select(piece => FrameStream.Data(id, piece)));

    // An application that reads nothing, so no credit goes back.
    private EmbeddedStreamSocket Full(RelayStream stream)
    {
        EmbeddedStreamSocket local = NewSocket();
        local.Output.Room = 0;
        stream.Attach(local);
        return local;
    }
}
