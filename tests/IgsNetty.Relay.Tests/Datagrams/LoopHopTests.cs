using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>A flow whose link lives on another loop.</summary>
public sealed class LoopHopTests : DatagramTest
{
    private readonly ManualEventLoop _other = new();

    [Fact]
    public void Everything_goes_over_in_order()
    {
        LinkUnderTest link = Linked();
        DatagramFlow flow = FlowHere(link, out RecordingCaller caller);
        for (byte i = 0; i < 4; i++)
        {
            flow.Send(i == 2 ? To("10.1.2.9:161") : FlowAddress.OfTarget, [i]);
        }

        Loop.RunTasks();
        Assert.Equal(1, link.Link.StreamCount); // expected there, so that the next flow takes another link
        Assert.Empty(link.Socket.Output.Sent.ToArray());
        IReadOnlyList<WireFrame> sent = link.Sent();
        Assert.Equal(1, link.Link.StreamCount);
        Assert.Equal(Target, sent[0].OpenStream.Target.ToString());
        Assert.Equal(["1 target 00", "1 target 01", "1 10.1.2.9:161 02", "1 target 03"], Datagrams(sent.Skip(1)));
        link.Receive(FrameStream.Datagram(1, null, 9), FrameStream.Datagram(1, "10.1.2.9:162", 8));
        Assert.Equal(["target 09", "10.1.2.9:162 08"], caller.TakeDelivered());
        flow.Close();
        Assert.Equal(FrameType.EndOfStream, Assert.Single(link.Sent()).Type);
    }

    [Fact]
    public void What_is_under_way_is_bounded()
    {
        LinkUnderTest link = Linked();
        DatagramFlow flow = FlowHere(link, out _, out RelayLoop home);
        for (int i = 0; i < 20; i++)
        {
            flow.Send(FlowAddress.OfTarget, RandomBytes.Make(i, 65_507));
        }

        const int Most = 15; // of 1 MiB
        Assert.Equal(20 - Most, home.Totals.DatagramsDropped);
        IReadOnlyList<WireFrame> sent = link.Sent();
        Assert.Equal(Enumerable.Range(0, Most).Select(i => RandomBytes.Make(i, 65_507)), sent.Skip(1).Select(frame => frame.DatagramBytes));
        flow.Send(FlowAddress.OfTarget, [1]);
        Assert.Equal(["1 target 01"], Datagrams(link.Sent()));
    }

    [Fact]
    public void An_open_that_is_refused_there_pauses_the_flow_here()
    {
        LinkUnderTest link = Linked(Open with { PeerMaxStreams = 0 });
        DatagramFlow flow = FlowHere(link, out RecordingCaller caller, out RelayLoop home);
        flow.Send(FlowAddress.OfTarget, [1]);
        flow.Send(FlowAddress.OfTarget, [2]);
        Run(Loop, _other);
        Assert.Empty(link.Sent());
        Assert.Equal(2, link.Totals.DatagramsDropped);
        flow.Send(FlowAddress.OfTarget, [3]);
        Run(Loop, _other);
        Assert.Equal(2, link.Totals.DatagramsDropped);
        Assert.Equal(1, home.Totals.DatagramsDropped);
        Assert.Equal(1, home.Totals.OpensRefused);
        Assert.Equal(0, caller.Ended);
    }

    [Fact]
    public void A_link_that_closes_under_way()
    {
        LinkUnderTest link = Linked();
        DatagramFlow flow = FlowHere(link, out _);
        flow.Send(FlowAddress.OfTarget, new byte[5_000]);
        link.Link.Close(GoAwayReason.Shutdown, "");
        flow.Send(FlowAddress.OfTarget, [2]);
        Run(Loop, _other);
        Assert.Equal([FrameType.GoAway], link.Sent().Select(frame => frame.Type));
        Assert.False(flow.IsOver);
    }

    [Fact]
    public void A_flow_that_ends_under_way_is_ended_there()
    {
        LinkUnderTest link = Linked();
        DatagramFlow flow = FlowHere(link, out RecordingCaller caller);
        flow.Send(FlowAddress.OfTarget, [1]);
        flow.Close();
        Assert.Equal([FrameType.OpenStream, FrameType.Datagram, FrameType.EndOfStream], link.Sent().Select(frame => frame.Type));
        Assert.Equal(1, caller.Ended);
        Assert.Equal(0, link.Link.StreamCount);
    }

    [Fact]
    public void Refusal_end_and_loss_are_told_here()
    {
        LinkUnderTest link = Linked();
        DatagramFlow refused = FlowHere(link, out _);
        DatagramFlow ended = FlowHere(link, out RecordingCaller caller);
        DatagramFlow lost = FlowHere(link, out _);
        foreach (DatagramFlow flow in new[] { refused, ended, lost })
        {
            flow.Send(FlowAddress.OfTarget, [1]);
        }

        Run(Loop, _other);
        _ = link.Sent();
        link.Receive(FrameStream.Reset(1, ResetReason.NotAllowed), FrameStream.End(3));
        Run(Loop, _other);
        Assert.True(ended.IsOver);
        Assert.Equal(1, caller.Ended);
        refused.Send(FlowAddress.OfTarget, [2]);
        Assert.Empty(link.Sent());
        link.Socket.ReceiveReset();
        Run(Loop, _other);
        Assert.False(lost.IsOver);
        LinkUnderTest next = NewLink(Open with { Beside = link, EventLoop = _other });
        lost.Send(FlowAddress.OfTarget, [3]);
        Assert.Equal(["1 target 03"], Datagrams(next.Sent().Skip(1)));
    }

    [Fact]
    public void A_full_link_keeps_what_comes_over_within_its_bounds()
    {
        LinkUnderTest link = Linked();
        link.Socket.Output.Room = 0;
        DatagramFlow flow = FlowHere(link, out _);
        for (int i = 0; i < 6; i++)
        {
            flow.Send(FlowAddress.OfTarget, RandomBytes.Make(i, 65_507));
        }

        _other.RunTasks();
        Assert.Equal(4 * 65_516, link.Memory.Held);
        link.Socket.Output.Drain(long.MaxValue);

        // The first was on its way to the kernel already; the second had to make room.
        int[] kept = [0, 2, 3, 4, 5];
        Assert.Equal(
            kept.Select(i => RandomBytes.Make(i, 65_507)),
            link.Sent().Skip(1).Select(frame => frame.DatagramBytes));
    }

    private LinkUnderTest Linked(LinkSettings? settings = null) => NewLink((settings ?? Open) with { EventLoop = _other });

    private DatagramFlow FlowHere(LinkUnderTest link, out RecordingCaller caller) => FlowHere(link, out caller, out _);

    private DatagramFlow FlowHere(LinkUnderTest link, out RecordingCaller caller, out RelayLoop home)
    {
        caller = new RecordingCaller();
        home = Udp.Loop(Loop, link.Datagrams);
        return Flow(new FlowService(home, link.Link.Context), caller);
    }
}
