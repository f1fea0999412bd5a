using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using IgsNetty.Transport;
using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>The caller's side of a flow, on the loop of its link.</summary>
public sealed class DatagramFlowTests : DatagramTest
{
    [Fact]
    public void The_first_datagram_goes_right_behind_OpenStream()
    {
        LinkUnderTest link = NewLink(Open);
        DatagramFlow flow = Flow(link, out RecordingCaller caller, Request(timeout: 7, filter: ReplyFilter.Exact));
        Assert.Empty(link.Sent());
        flow.Send(FlowAddress.OfTarget, [1, 2]);
        flow.Send(To("10.1.2.9:161"), []);
        IReadOnlyList<WireFrame> sent = link.Sent();
        Protocol.Messages.OpenStream open = sent[0].OpenStream;
        Assert.Equal(
            Protocol.Messages.OpenStream.Udp(ReplyFilter.Exact, 7, TargetAddress.FromEndPoint(Udp.Address(Target).ToEndPoint()), TargetAddress.FromEndPoint(Client.ToEndPoint())),
            open);
        Assert.Equal(["1 target 0102", "1 10.1.2.9:161 "], Datagrams(sent.Skip(1)));
        Assert.Empty(link.Receive(FrameStream.Datagram(1, null, 3), FrameStream.Datagram(1, "10.1.2.9:162")));
        Assert.Equal(["target 03", "10.1.2.9:162 "], caller.TakeDelivered());
        Assert.Equal(2, link.Totals.DatagramsToCallers);
    }

    [Fact]
    public void The_least_loaded_link_is_taken()
    {
        LinkUnderTest busy = NewLink(Open);
        LinkUnderTest idle = NewLink(Open with { Beside = busy });
        busy.Open();
        for (int i = 0; i < 9; i++)
        {
            Flow(busy, out _).Send(FlowAddress.OfTarget, [1]);
        }

        Assert.Equal(8, busy.Sent().Count);
        Assert.Equal(10, idle.Sent().Count);
    }

    [Fact]
    public void A_refusal_pauses_that_target_for_a_second_and_no_other()
    {
        LinkUnderTest link = NewLink(Open);
        DatagramFlow flow = Flow(link, out RecordingCaller caller);
        flow.Send(FlowAddress.OfTarget, [1]);
        _ = link.Sent();
        Assert.Empty(link.Receive(FrameStream.Reset(1, ResetReason.NotAllowed)));
        Loop.Advance(TimeSpan.FromMilliseconds(999));
        flow.Send(FlowAddress.OfTarget, [2]);
        Assert.Empty(link.Sent());
        Assert.Equal(1, link.Totals.DatagramsDropped);
        Assert.Equal(1, Lines(2201));

        flow.Send(To("10.1.2.9:161"), [3]);
        Assert.Equal(["3 10.1.2.9:161 03"], Datagrams(link.Sent().Skip(1)));
        link.Receive(FrameStream.Reset(3, ResetReason.NotAllowed));
        Loop.Advance(TimeSpan.FromSeconds(1));
        flow.Send(To("10.1.2.9:161"), [4]);
        Assert.Equal(["5 10.1.2.9:161 04"], Datagrams(link.Sent().Skip(1)));
        Assert.Equal(0, caller.Ended);
        Assert.False(flow.IsOver);
    }

    [Fact]
    public void A_way_that_another_target_opened_still_knows_the_flows_own()
    {
        LinkUnderTest link = NewLink(Open);
        DatagramFlow flow = Flow(link, out _);
        flow.Send(To("10.1.2.9:161"), [1]);
        flow.Send(FlowAddress.OfTarget, [2]);
        IReadOnlyList<WireFrame> sent = link.Sent();
        Assert.Equal(Target, sent[0].OpenStream.Target.ToString());
        Assert.Equal(["1 10.1.2.9:161 01", "1 target 02"], Datagrams(sent.Skip(1)));
    }

    [Fact]
    public void A_peer_that_does_not_know_UDP_is_not_asked()
    {
        LinkUnderTest link = NewLink(Open with { PeerCapabilities = Capabilities.None });
        Flow(link, out _).Send(FlowAddress.OfTarget, [1]);
        Assert.Empty(link.Sent());
        Assert.Contains(Log.Entries, entry => entry.Message.Contains("Unsupported", StringComparison.Ordinal));
    }

    [Fact]
    public void Idle_it_ends_after_its_response_timeout_and_tells_the_peer()
    {
        LinkUnderTest link = NewLink(Open);
        DatagramFlow flow = Flow(link, out RecordingCaller caller, Request(timeout: 2));
        flow.Send(FlowAddress.OfTarget, [1]);
        _ = link.Sent();
        for (int i = 0; i < 5; i++)
        {
            Loop.Advance(TimeSpan.FromSeconds(1.9));
            Assert.Empty(link.Receive(FrameStream.Datagram(1, null, 1)));
        }

        Loop.Advance(TimeSpan.FromMilliseconds(1999));
        Assert.False(flow.IsOver);
        Loop.Advance(TimeSpan.FromMilliseconds(1));
        WireFrame end = Assert.Single(link.Sent());
        Assert.Equal((FrameType.EndOfStream, 1u), (end.Type, end.StreamId));
        Assert.True(flow.IsOver);
        Assert.Equal(1, caller.Ended);
        Assert.Equal((0, 0), (link.Datagrams.Flows.Count, link.Link.StreamCount));
        Assert.Equal(1, link.Totals.FlowsEnded);
        Assert.Empty(link.Receive(FrameStream.Datagram(1, null, 9), FrameStream.End(1)));
        Assert.Equal(5, caller.TakeDelivered().Count);
    }

    [Fact]
    public void EndOfStream_of_the_peer_ends_it()
    {
        LinkUnderTest link = NewLink(Open);
        DatagramFlow flow = Flow(link, out RecordingCaller caller);
        flow.Send(FlowAddress.OfTarget, [1]);
        _ = link.Sent();
        Assert.Empty(link.Receive(FrameStream.End(1)));
        Assert.True(flow.IsOver);
        Assert.Equal(1, caller.Ended);
        Loop.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(link.Sent());
        Assert.Equal(KeepAlives, Loop.Timers);
    }

    [Fact]
    public void What_is_too_large_for_the_caller_is_counted_and_said_once()
    {
        LinkUnderTest link = NewLink(Open);
        DatagramFlow flow = Flow(link, out RecordingCaller caller);
        flow.Send(FlowAddress.OfTarget, [1]);
        _ = link.Sent();
        caller.Result = DatagramSend.TooLarge;
        Assert.Empty(link.Receive(FrameStream.Datagram(1, null, new byte[65_507]), FrameStream.Datagram(1, null, new byte[65_507])));
        caller.Result = DatagramSend.Full;
        Assert.Empty(link.Receive(FrameStream.Datagram(1, null, 1)));
        Assert.Equal((2, 1, 0), (link.Totals.DatagramsTooLarge, link.Totals.DatagramsDropped, link.Totals.DatagramsToCallers));
        Assert.Equal(1, Lines(2203));
    }
}
