using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>Datagrams that await no reply, at the caller's side.</summary>
public sealed class UnansweredCallerTests : DatagramTest
{
    [Fact]
    public void They_go_out_on_stream_0_and_open_nothing()
    {
        LinkUnderTest link = NewLink(Open);
        FlowService service = new(link.RelayLoop, link.Link.Context);
        Send(service, "nms.plant.example:162", "trap"u8);
        Send(service, "[2001:db8::1]:162", []);
        WireFrame[] sent = [.. link.Sent()];
        Assert.Equal(GoldenVectors.Named("datagram-unanswered").Payload.ToArray(), sent[0].Payload.ToArray());
        Assert.Equal(["0 nms.plant.example:162 74726170", "0 [2001:db8::1]:162 "], Datagrams(sent));
        Assert.Equal(0, link.Link.StreamCount);
        Assert.Equal(0, link.Datagrams.Flows.Count);
    }

    [Fact]
    public void With_no_link_they_are_dropped_and_the_log_says_so_once_in_a_while()
    {
        LinkUnderTest link = NewLink(Open);
        FlowService service = new(link.RelayLoop, link.Link.Context);
        service.SendOnce("local", Client, "site-x", To(Target), [1]);
        service.SendOnce("local", Client, "site-x", To(Target), [1]);
        Assert.Equal(2, link.Totals.DatagramsDropped);
        Assert.Equal(1, Lines(2201));
        Assert.Contains(Log.Entries, entry => entry.Message.Contains("NoRoute", StringComparison.Ordinal));
    }

    [Fact]
    public void A_peer_that_does_not_know_UDP_gets_none()
    {
        LinkUnderTest link = NewLink(Open with { PeerCapabilities = Capabilities.None });
        Send(new FlowService(link.RelayLoop, link.Link.Context), Target, [1]);
        Assert.Empty(link.Sent());
        Assert.Equal(1, link.Totals.DatagramsDropped);
        Assert.Contains(Log.Entries, entry => entry.Message.Contains("Unsupported", StringComparison.Ordinal));
    }

    [Fact]
    public void Direct_ones_go_from_the_shared_port_under_the_callers_rules()
    {
        LinkUnderTest link = NewLink(Open with { Access = Udp.Allow("user:eve", "10.1.2.3") });
        FlowService service = new(link.RelayLoop, link.Link.Context);
        service.SendOnce("user:eve", Client, "direct", To(Target), [1]);
        service.SendOnce("user:bob", Client, "direct", To(Target), [2]);
        service.SendOnce("local", Client, "direct", To(Target), [3]);
        Assert.Equal([$"{Target} 01"], Sent(Assert.Single(link.Transport.Datagrams)));
        Assert.Equal(2, link.Totals.DatagramsNotAllowed);
    }

    [Fact]
    public void What_waits_for_a_link_that_is_lost_is_freed()
    {
        LinkUnderTest link = Stalled();
        FlowService service = new(link.RelayLoop, link.Link.Context);
        Send(service, Target, new byte[30_000]);
        Assert.Equal(30_000 + 15, link.Memory.Held);
        link.Socket.ReceiveReset();
        Loop.RunTasks();
        Assert.Equal(0, link.Memory.Held);
        Buffers.AssertNoLeaks();
    }

    [Fact]
    public void What_comes_to_a_link_that_is_closed_is_freed()
    {
        ManualEventLoop other = new();
        LinkUnderTest link = NewLink(Open with { EventLoop = other });
        FlowService service = new(Udp.Loop(Loop, link.Datagrams), link.Link.Context);
        Send(service, Target, new byte[30_000]);
        link.Link.Close(GoAwayReason.Shutdown, "");
        other.RunTasks();
        Assert.Equal(0, link.Memory.Held);
        Assert.Equal(1, link.Totals.DatagramsDropped);
    }

    [Fact]
    public void They_reach_a_link_on_another_loop_in_order()
    {
        ManualEventLoop other = new();
        LinkUnderTest link = NewLink(Open with { EventLoop = other });
        FlowService service = new(Udp.Loop(Loop, link.Datagrams), link.Link.Context);
        for (byte i = 0; i < 5; i++)
        {
            Send(service, Target, [i]);
        }

        Loop.RunTasks();
        Assert.Equal([], link.Socket.Output.Sent.ToArray());
        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"0 {Target} {i:x2}"), Datagrams(link.Sent()));
    }

    private LinkUnderTest Stalled()
    {
        LinkUnderTest link = NewLink(Open);
        link.Socket.Output.Room = 0;
        link.Socket.Receive(FrameStream.Ping(0));
        Loop.RunTasks();
        return link;
    }

    private static void Send(FlowService service, string target, ReadOnlySpan<byte> payload) =>
        service.SendOnce("local", Client, "site-b", To(target), payload);
}
