using System.Net;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using IgsNetty.Transport;
using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>Limits:UdpFlows, Limits:UdpFlowsPerClient and Limits:UdpFlowsPerPeer.</summary>
public sealed class FlowLimitTests : DatagramTest
{
    [Fact]
    public void So_many_in_all()
    {
        FlowLimit<string> limit = new(3, 100, "each");
        Assert.Null(limit.TryTake("a"));
        Assert.Null(limit.TryTake("b"));
        Assert.Null(limit.TryTake());

        Assert.Equal("Limits:UdpFlows", limit.TryTake("c"));
        Assert.Equal("Limits:UdpFlows", limit.TryTake());
        Assert.Equal(3, limit.Count);
        limit.Return("b");
        Assert.Null(limit.TryTake("c"));
        limit.Return();
        Assert.Null(limit.TryTake());
    }

    [Fact]
    public void So_many_for_one_holder()
    {
        FlowLimit<string> limit = new(100, 2, "each");
        Assert.Null(limit.TryTake("a"));
        Assert.Null(limit.TryTake("a"));
        Assert.Equal("each", limit.TryTake("a"));
        Assert.Null(limit.TryTake("b"));
        Assert.Equal(3, limit.Count);
        limit.Return("a");
        Assert.Null(limit.TryTake("a"));
    }

    [Fact]
    public void So_many_for_one_client_whatever_its_ports()
    {
        LinkUnderTest link = NewLink(Open with { MaxFlowsPerClient = 2 });
        FlowService service = new(link.RelayLoop, link.Link.Context);
        string[] clients = ["10.0.0.1:1", "[::ffff:10.0.0.1]:2", "10.0.0.1:3", "10.0.0.2:3"];
        DatagramFlow?[] flows = [.. clients.Select(client => service.TryOpen(From(Udp.Address(client)), new RecordingCaller(), () => { }))];
        Assert.Equal([true, true, false, true], flows.Select(flow => flow is not null));
    }

    [Fact]
    public void Flows_over_it_are_refused_and_the_log_says_so_once_in_a_while()
    {
        LinkUnderTest link = NewLink(Open with { MaxFlowsPerClient = 2 });
        FlowService service = new(link.RelayLoop, link.Link.Context);
        DatagramFlow?[] flows = [.. Enumerable.Range(1, 6).Select(port => service.TryOpen(From(Client.WithPort(port)), new RecordingCaller(), () => { }))];
        Assert.Equal([true, true, false, false, false, false], flows.Select(flow => flow is not null));
        Assert.Equal((2, 4), (link.Totals.FlowsOpened, link.Totals.FlowsRefused));
        Assert.Equal(1, Lines(2202));
        Assert.NotNull(service.TryOpen(From(Udp.Address("192.168.0.8:1")), new RecordingCaller(), () => { }));

        Loop.Advance(TimeSpan.FromSeconds(9));
        Assert.Null(service.TryOpen(From(Client), new RecordingCaller(), () => { }));
        Loop.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, link.Datagrams.Flows.Count);
        Assert.Equal(1, Lines(2202));
        Assert.NotNull(service.TryOpen(From(Client), new RecordingCaller(), () => { }));
    }

    [Fact]
    public void A_flow_that_ends_makes_room_at_once_and_once_only()
    {
        LinkUnderTest link = NewLink(Open with { MaxFlows = 1 });
        DatagramFlow flow = Flow(link, out RecordingCaller caller);
        flow.Close();
        flow.Close();
        Assert.Equal(1, caller.Ended);
        Assert.Equal(0, link.Datagrams.Flows.Count);
        _ = Flow(link, out _);
    }

    [Fact]
    public void Reply_ports_over_it_are_refused_to_the_peer()
    {
        LinkUnderTest link = NewLink(Open with { MaxFlows = 2 });
        Assert.Empty(link.Receive(FrameStream.OpenUdp(2, Target), FrameStream.OpenUdp(4, Target)));
        IReadOnlyList<WireFrame> refused = link.Receive(FrameStream.OpenUdp(6, Target), FrameStream.OpenUdp(8, Target), FrameStream.Datagram(8, null, 1));
        Assert.Equal([(6u, ResetReason.LimitExceeded), (8u, ResetReason.LimitExceeded)], refused.Select(frame => (frame.StreamId, frame.ResetReason)));
        Assert.Equal(2, link.Totals.FlowsRefused);
        Assert.Equal(1, Lines(2202));
        Assert.Equal(2, link.Link.StreamCount);
        Assert.Empty(link.Receive(FrameStream.End(2), FrameStream.OpenUdp(10, Target)));
    }

    [Fact]
    public void One_peer_cannot_take_all_reply_ports()
    {
        LinkUnderTest link = NewLink(Open with { MaxFlowsPerPeer = 1 });
        Assert.Empty(link.Receive(FrameStream.OpenUdp(2, Target)));
        WireFrame refused = Assert.Single(link.Receive(FrameStream.OpenUdp(4, Target)));
        Assert.Equal((4u, ResetReason.LimitExceeded), (refused.StreamId, refused.ResetReason));
        Assert.Contains("Limits:UdpFlowsPerPeer", Assert.Single(Log.Entries, entry => entry.Id.Id == 2202).Message, StringComparison.Ordinal);

        // Another peer's, and a caller's of this gateway.
        DatagramStream caller = new(link.Link, 100);
        ReplyPortRequest other = new("site-z", null, TargetAddress.FromEndPoint(IPEndPoint.Parse(Target)), new DatagramOptions()) { Peer = "site-z" };
        ReplyPort?[] ports = [.. new[] { other, other with { From = "local", Peer = null } }.Select(each => link.RelayLoop.ReplyPorts.TryOpen(each, caller))];
        Assert.All(ports, Assert.NotNull);
        Assert.Equal(3, link.Datagrams.ReplyPorts.Count);
        Array.ForEach(ports, port => port!.End(caller, null));
        Assert.Equal(1, link.Datagrams.ReplyPorts.Count);
        Assert.Empty(link.Receive(FrameStream.End(2), FrameStream.OpenUdp(6, Target)));
    }

    private static FlowRequest From(UdpAddress client) => Request() with { Client = client };
}
