using IgsNetty.Protocol.Frames;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>docs/protocol.md §2 and §10: what is larger than a frame or a datagram may be does not reach the link.</summary>
public sealed class DatagramSizeTests : DatagramTest
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_frame_is_longer_than_the_peer_accepts(bool stalled)
    {
        LinkUnderTest link = NewLink(Open with { PeerMaxPayload = FrameLimits.MinAnnouncedPayload });
        if (stalled)
        {
            link.Socket.Output.Room = 0;
            link.Socket.Receive(FrameStream.Ping(0));
            Loop.RunTasks();
        }

        DatagramFlow flow = Flow(link, out _);
        flow.Send(FlowAddress.OfTarget, new byte[FrameLimits.MinAnnouncedPayload - 1]);
        flow.Send(FlowAddress.OfTarget, new byte[FrameLimits.MinAnnouncedPayload]);
        flow.Send(To("10.1.2.9:161"), new byte[FrameLimits.MinAnnouncedPayload - 7]);
        flow.Send(To("10.1.2.9:161"), new byte[FrameLimits.MinAnnouncedPayload - 6]);
        flow.Send(To("[2001:db8::1]:161"), new byte[FrameLimits.MinAnnouncedPayload - 18]);
        flow.Send(To("dns.example:53"), new byte[FrameLimits.MinAnnouncedPayload - 14]);
        flow.Send(To("dns.example:53"), new byte[FrameLimits.MinAnnouncedPayload - 15]);
        Loop.RunTasks();
        link.Socket.Output.Drain(long.MaxValue);
        int[] sizes = [.. link.Sent().Where(frame => frame.Type == FrameType.Datagram).Select(frame => frame.Header.PayloadLength)];
        Assert.Equal(Enumerable.Repeat(FrameLimits.MinAnnouncedPayload, 3), sizes);
        Assert.Equal(4, link.Totals.DatagramsTooLarge);
        Assert.Equal(1, Log.Entries.Count(entry => entry.Message.Contains("too much for one datagram", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void More_than_a_datagram_has_does_not_leave_a_caller(bool near)
    {
        LinkUnderTest link = NewLink(near ? Open : Open with { EventLoop = new ManualEventLoop() });
        RelayLoop home = near ? link.RelayLoop : Udp.Loop(Loop, link.Datagrams);
        FlowService service = new(home, link.Link.Context);
        DatagramFlow flow = Flow(service, new RecordingCaller());
        foreach (int size in new[] { 65_508, 65_527 })
        {
            flow.Send(FlowAddress.OfTarget, new byte[size]);
            flow.Send(To("[2001:db8::1]:7"), new byte[size]);
            service.SendOnce("local", Client, "site-b", To("[2001:db8::1]:7"), new byte[size]);
            service.SendOnce("local", Client, "direct", To("[2001:db8::1]:7"), new byte[size]);
        }

        Assert.Empty(link.Sent());
        Assert.Equal((8, 0), (home.Totals.DatagramsTooLarge, home.Totals.DatagramsDropped));
        Assert.Equal(1, Lines(2203));
        flow.Send(FlowAddress.OfTarget, new byte[65_507]);
        Assert.Equal(2, link.Sent().Count);
    }

    [Fact]
    public void More_than_a_datagram_has_does_not_come_back()
    {
        LinkUnderTest link = NewLink(Open);
        FakeDatagramSocket port = Accept(link, 2);
        port.Receive(Udp.Address(Target), new byte[65_508]);
        port.Receive(Udp.Address(Target), new byte[65_527]);
        Assert.Empty(link.Sent());
        Assert.Equal(2, link.Totals.DatagramsTooLarge);
        port.Receive(Udp.Address(Target), new byte[65_507]);
        Assert.Single(link.Sent());
    }
}
