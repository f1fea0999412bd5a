using System.Net.Sockets;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Relay;
using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>Single server mode: a flow and its reply port with no link between.</summary>
public sealed class DirectFlowTests : DatagramTest
{
    [Fact]
    public void Datagrams_go_and_replies_come()
    {
        LinkUnderTest link = NewLink(Open);
        DatagramFlow flow = Flow(link, out RecordingCaller caller, Request("direct"));
        flow.Send(FlowAddress.OfTarget, [1]);
        flow.Send(To("10.1.2.4:161"), [2]);
        Assert.Equal([$"{Target} 01", "10.1.2.4:161 02"], Sent(Port(link)));
        Port(link).Receive(Udp.Address(Target), 3);
        Port(link).Receive(Udp.Address("10.1.2.4:162"), 4);
        Port(link).Receive(Udp.Address("10.9.9.9:9"), 5);
        Assert.Equal(["target 03", "10.1.2.4:162 04"], caller.TakeDelivered());
        Assert.Empty(link.Sent());
        flow.Close();
        Assert.True(Port(link).IsClosed);
        Assert.Equal((0, 0), (link.Datagrams.Flows.Count, link.Datagrams.ReplyPorts.Count));
        Assert.Equal(1, caller.Ended);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void It_ends_on_time_with_all_it_has(int seconds)
    {
        LinkUnderTest link = NewLink(Open);
        DatagramFlow flow = Flow(link, out RecordingCaller caller, Request("direct", seconds));
        flow.Send(FlowAddress.OfTarget, [1]);
        Loop.Advance(TimeSpan.FromSeconds(seconds * 0.9));
        Port(link).Receive(Udp.Address(Target), 3);
        Loop.Advance(TimeSpan.FromMilliseconds((seconds * 1000) - 1));
        Assert.False(Port(link).IsClosed);
        Loop.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(flow.IsOver);
        Assert.True(Port(link).IsClosed);
        Assert.Equal(1, caller.Ended);
        Loop.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(KeepAlives, Loop.Timers);
    }

    [Fact]
    public void A_target_that_is_refused_is_paused_for_a_second()
    {
        LinkUnderTest link = NewLink(Open with { Access = Udp.Allow("local", "10.1.2.9") });
        DatagramFlow flow = Flow(link, out RecordingCaller caller, Request("direct"));
        flow.Send(FlowAddress.OfTarget, [1]);
        flow.Send(FlowAddress.OfTarget, [2]);
        Assert.Equal((1, 1), (link.Totals.DatagramsNotAllowed, link.Totals.DatagramsDropped));
        Assert.Equal(0, link.Datagrams.ReplyPorts.Count);
        flow.Send(To("10.1.2.9:5"), [3]);
        Assert.Equal(["10.1.2.9:5 03"], Sent(Port(link)));
        Assert.False(flow.IsOver);
        Assert.Equal(0, caller.Ended);
    }

    [Fact]
    public void A_name_is_resolved_here()
    {
        FakeResolver resolver = new();
        LinkUnderTest link = NewLink(Open with { Resolver = resolver });
        Assert.True(TargetAddress.TryCreate("dns.example", 53, out TargetAddress name, out _));
        DatagramFlow flow = Flow(link, out RecordingCaller caller, Request("direct") with { Target = name });
        flow.Send(FlowAddress.OfTarget, [1]);
        resolver.Answer("dns.example", "10.1.2.3");
        Assert.Equal([$"{Target} 01"], Sent(Port(link)));
        Port(link).Receive(Udp.Address(Target), 2);
        Assert.Equal(["target 02"], caller.TakeDelivered());
    }

    [Fact]
    public void With_no_port_to_be_had_the_flow_lives_on_and_tries_again()
    {
        LinkUnderTest link = NewLink(Open);
        link.Transport.BindError = SocketError.TooManyOpenSockets;
        DatagramFlow flow = Flow(link, out _, Request("direct"));
        flow.Send(FlowAddress.OfTarget, [1]);
        link.Transport.BindError = null;
        Loop.Advance(TimeSpan.FromSeconds(1));
        flow.Send(FlowAddress.OfTarget, [2]);
        Assert.Equal([$"{Target} 02"], Sent(Port(link)));
    }
}
