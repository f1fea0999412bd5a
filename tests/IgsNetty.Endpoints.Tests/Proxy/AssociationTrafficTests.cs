using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Routing;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Relay;
using IgsNetty.Transport;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Proxy;

/// <summary>What goes through an association, out and back.</summary>
public sealed class AssociationTrafficTests : AssociationTest
{
    [Fact]
    public void One_port_for_all_targets_and_each_reply_behind_its_source()
    {
        Associate();
        Receive(Client, Target, 1);
        Receive(Client, "[2001:db8::35]:53", 2);
        Assert.Equal([$"{Target} 01", "[2001:db8::35]:53 02"], Sent(ReplyPort()));
        ReplyPort().Receive(Udp.Address(Target), 3);
        ReplyPort().Receive(Udp.Address("10.1.2.3:54"), 4);
        ReplyPort().Receive(Udp.Address("[2001:db8::35]:53"));
        ReplyPort().Receive(Udp.Address("10.9.9.9:53"), 5);
        Assert.Equal([Reply(Client, Target, 3), Reply(Client, "10.1.2.3:54", 4), Reply(Client, "[2001:db8::35]:53")], ToClients());
        Assert.Equal(1, ReplyPorts);
        Assert.Equal((1, 3, 1), (Totals.FlowsOpened, Totals.DatagramsToCallers, Totals.DatagramsFiltered));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000001")]
    [InlineData("00000101" + "0a010203" + "0035" + "aa")]
    [InlineData("00000001" + "0a010203" + "0000" + "aa")]
    [InlineData("00000001" + "0a010203" + "00")]
    [InlineData("00000002" + "0a010203" + "0035" + "aa")]
    public void What_has_no_good_header_is_dropped(string hex)
    {
        Associate(Client);
        Proxy.Receive(Udp.Address(Client), Convert.FromHexString(hex));
        Assert.Equal(0, ReplyPorts);
        Assert.Equal(1, Totals.DatagramsDropped);
        Assert.Equal(0, Totals.FlowsOpened);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1472)]
    [InlineData(65_497)]
    public void Sizes_are_kept(int size)
    {
        Associate();
        byte[] payload = RandomBytes.Make(size, size);
        Receive(Client, Target, payload);
        Assert.Equal(payload, Assert.Single(ReplyPort().TakeSent()).Payload);
        ReplyPort().Receive(Udp.Address(Target), payload);
        Assert.Equal([Reply(Client, Target, payload)], ToClients());
    }

    [Fact]
    public void A_reply_that_is_too_large_with_its_header_is_counted_and_said_once()
    {
        Associate();
        Receive(Client, Target, 1);
        Proxy.Result = DatagramSend.TooLarge;
        ReplyPort().Receive(Udp.Address(Target), new byte[65_507]);
        ReplyPort().Receive(Udp.Address(Target), new byte[65_507]);
        Assert.Equal(2, Totals.DatagramsTooLarge);
        Assert.Single(Log.Entries, entry => entry.Id.Id == 2203);
    }

    [Fact]
    public void Ways_have_a_flow_each()
    {
        Routes = Table(("10.1.0.0/16", "direct"), ("10.2.0.0/16", "site-b"), ("10.3.0.0/16", "site-c"));
        Associate();
        Receive(Client, "10.1.0.1:1", 1);
        Receive(Client, "10.2.0.1:1", 2);
        Receive(Client, "10.1.0.2:1", 3);
        Receive(Client, "10.3.0.1:1", 4);
        Receive(Client, "10.2.0.2:1", 5);
        Assert.Equal(3, Totals.FlowsOpened);
        Assert.Equal(["10.1.0.1:1 01", "10.1.0.2:1 03"], Sent(ReplyPort()));
        Assert.Equal(3, Totals.DatagramsDropped); // there is no link to either peer
    }

    [Fact]
    public void A_target_with_no_route_is_dropped_and_the_log_says_so_once()
    {
        Routes = Table(("10.1.0.0/16", "direct"));
        Associate();
        Receive(Client, "10.2.0.1:1", 1);
        Receive(Client, "10.2.0.1:1", 2);
        Assert.Equal((0, 2), (Totals.FlowsOpened, Totals.DatagramsDropped));
        Assert.Single(Log.Entries, entry => entry.Id.Id == 2201 && entry.Message.Contains(nameof(ResetReason.NoRoute), StringComparison.Ordinal));
    }

    [Fact]
    public void With_a_timeout_of_0_nothing_is_kept()
    {
        Associate(options: "01020000");
        Receive(Client, Target, 1);
        Receive(Client, "10.1.2.4:162", 2);
        Assert.True(Transport.Datagrams[1].IsSendOnly);
        Assert.Equal([$"{Target} 01", "10.1.2.4:162 02"], Sent(Transport.Datagrams[1]));
        Assert.Equal((0, 0), (Totals.FlowsOpened, Totals.ReplyPortsOpened));
        Assert.Equal(2, Transport.Datagrams.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3600)]
    public void The_client_states_its_timeout(int seconds)
    {
        Associate(options: $"0102{seconds:x4}");
        Receive(Client, Target, 1);
        Loop.Advance(TimeSpan.FromMilliseconds((seconds * 1000) - 1));
        Assert.False(ReplyPort().IsClosed);
        Loop.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(ReplyPort().IsClosed);
    }

    [Theory]
    [InlineData("020100", 2)]
    [InlineData("020101", 1)]
    [InlineData("020102", 3)]
    public void The_client_states_its_reply_filter(string option, int heard)
    {
        Associate(options: option);
        Receive(Client, Target, 1);
        foreach (string source in new[] { Target, "10.1.2.3:99", "10.9.9.9:9" })
        {
            ReplyPort().Receive(Udp.Address(source), 1);
        }

        Assert.Equal(heard, ToClients().Length);
    }

    [Fact]
    public void An_ICMP_error_of_a_client_is_counted_and_ends_nothing()
    {
        Associate();
        Receive(Client, Target, 1);
        Proxy.ReceiveError();
        Assert.Equal(1, Totals.IcmpErrors);
        Receive(Client, Target, 2);
        Assert.Equal(2, ReplyPort().TakeSent().Count);
    }

    private static RouteTable Table(params IEnumerable<(string Destination, string Via)> rules) => new(
        [
            .. rules.Select(rule =>
            {
                Assert.True(DestinationPattern.TryParse(rule.Destination, out DestinationPattern pattern, out string error), error);
                Assert.True(PortSet.TryParse("1-65535", out PortSet ports, out error), error);
                return new RouteRule(pattern, ports, rule.Via);
            }),
        ]);
}
