using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>A flow outlives its links.</summary>
public sealed class DatagramFlowLinkTests : DatagramTest
{
    [Fact]
    public void When_its_link_is_lost_the_next_datagram_takes_another()
    {
        LinkUnderTest first = NewLink(Open);
        DatagramFlow flow = Flow(first, out RecordingCaller caller);
        flow.Send(FlowAddress.OfTarget, [1]);
        LinkUnderTest second = NewLink(Open with { Beside = first });
        first.Socket.ReceiveReset();
        Loop.RunTasks();
        Assert.False(flow.IsOver);
        Assert.Empty(second.Sent());
        flow.Send(FlowAddress.OfTarget, [2]);
        flow.Send(FlowAddress.OfTarget, [3]);
        IReadOnlyList<WireFrame> sent = second.Sent();
        Assert.Equal(Target, sent[0].OpenStream.Target.ToString());
        Assert.Equal(["1 target 02", "1 target 03"], Datagrams(sent.Skip(1)));
        second.Receive(FrameStream.Datagram(1, null, 4));
        Assert.Equal(["target 04"], caller.TakeDelivered());
        Assert.Equal(0, Lines(2201));
    }

    [Fact]
    public void With_no_link_left_datagrams_are_dropped_until_there_is_a_new_one()
    {
        LinkUnderTest first = NewLink(Open);
        DatagramFlow flow = Flow(first, out _);
        flow.Send(FlowAddress.OfTarget, [1]);
        first.Socket.ReceiveReset();
        Loop.RunTasks();
        flow.Send(FlowAddress.OfTarget, [2]);
        flow.Send(FlowAddress.OfTarget, [3]);
        Assert.Equal(2, first.Totals.DatagramsDropped);
        Assert.Equal(1, Lines(2201));
        LinkUnderTest second = NewLink(Open with { Beside = first });
        flow.Send(FlowAddress.OfTarget, [4]);
        Assert.Equal(["1 target 04"], Datagrams(second.Sent().Skip(1)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void After_GoAway_the_next_datagram_takes_another_and_old_replies_still_arrive(bool theirs)
    {
        LinkUnderTest first = NewLink(Open);
        DatagramFlow flow = Flow(first, out RecordingCaller caller);
        flow.Send(FlowAddress.OfTarget, [1]);
        _ = first.Sent();
        LinkUnderTest second = NewLink(Open with { Beside = first });
        Retire(first, theirs);
        Assert.Empty(second.Sent());
        flow.Send(FlowAddress.OfTarget, [2]);
        Assert.Empty(first.Sent());
        Assert.Equal(["1 target 02"], Datagrams(second.Sent().Skip(1)));
        first.Receive(FrameStream.Datagram(1, null, 3));
        second.Receive(FrameStream.Datagram(1, null, 4));
        Assert.Equal(["target 03", "target 04"], caller.TakeDelivered());

        // The old way's end is not the flow's.
        Assert.Equal(FrameType.GoAway, Assert.Single(first.Receive(FrameStream.End(1))).Type);
        Assert.False(flow.IsOver);
        flow.Send(FlowAddress.OfTarget, [5]);
        Assert.Equal(["1 target 05"], Datagrams(second.Sent()));
    }

    [Fact]
    public void A_flow_that_the_peer_has_not_seen_before_its_GoAway_is_opened_again()
    {
        LinkUnderTest first = NewLink(Open);
        DatagramFlow flow = Flow(first, out _);
        flow.Send(FlowAddress.OfTarget, [1]);
        LinkUnderTest second = NewLink(Open with { Beside = first });
        first.Receive(FrameStream.GoAway(0, GoAwayReason.Shutdown));
        flow.Send(FlowAddress.OfTarget, [2]);
        Assert.Equal(["1 target 02"], Datagrams(second.Sent().Skip(1)));
        Assert.Equal(0, first.Link.StreamCount);
    }

    [Fact]
    public void When_the_flow_has_ended_replies_of_an_old_way_do_not_reach_the_caller()
    {
        LinkUnderTest first = NewLink(Open);
        DatagramFlow flow = Flow(first, out RecordingCaller caller);
        flow.Send(FlowAddress.OfTarget, [1]);
        _ = first.Sent();
        LinkUnderTest second = NewLink(Open with { Beside = first });
        Retire(first, theirs: true);
        flow.Send(FlowAddress.OfTarget, [2]);
        flow.Close();
        Assert.Equal(FrameType.EndOfStream, second.Sent()[^1].Type);
        first.Receive(FrameStream.Datagram(1, null, 3));
        second.Receive(FrameStream.Datagram(1, null, 4));
        Assert.Empty(caller.TakeDelivered());
        Assert.Equal(1, first.Totals.DatagramsDropped);
    }

    private static void Retire(LinkUnderTest link, bool theirs)
    {
        if (theirs)
        {
            Assert.Empty(link.Receive(FrameStream.GoAway(1, GoAwayReason.Shutdown)));
        }
        else
        {
            link.Link.Retire(GoAwayReason.Shutdown, "");
            Assert.Equal(FrameType.GoAway, Assert.Single(link.Sent()).Type);
        }
    }
}
