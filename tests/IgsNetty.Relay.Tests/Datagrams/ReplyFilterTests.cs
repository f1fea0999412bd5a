using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>docs/protocol.md §6 and §10: whose datagrams a reply port takes.</summary>
public sealed class ReplyFilterTests : DatagramTest
{
    [Theory]
    [InlineData(ReplyFilter.Address, "10.1.2.3:53", true)]
    [InlineData(ReplyFilter.Address, "10.1.2.3:54", true)]
    [InlineData(ReplyFilter.Address, "[::ffff:10.1.2.3]:54", true)]
    [InlineData(ReplyFilter.Address, "10.1.2.4:53", false)]
    [InlineData(ReplyFilter.Address, "[2001:db8::1]:53", false)]
    [InlineData(ReplyFilter.Exact, "10.1.2.3:53", true)]
    [InlineData(ReplyFilter.Exact, "10.1.2.3:54", false)]
    [InlineData(ReplyFilter.Exact, "10.1.2.4:53", false)]
    [InlineData(ReplyFilter.Any, "10.1.2.3:53", true)]
    [InlineData(ReplyFilter.Any, "10.1.2.3:54", true)]
    [InlineData(ReplyFilter.Any, "10.9.9.9:9", true)]
    [InlineData(ReplyFilter.Any, "[2001:db8::1]:53", true)]
    public void Of_one_target(ReplyFilter filter, string source, bool taken)
    {
        LinkUnderTest link = NewLink(Open);
        FakeDatagramSocket port = Accept(link, 2, filter: filter);
        port.Receive(Udp.Address(source), 1);
        Assert.Equal(taken ? 1 : 0, link.Sent().Count);
        Assert.Equal(taken ? 0 : 1, link.Totals.DatagramsFiltered);
        Assert.Equal(taken ? 1 : 0, link.Totals.DatagramsFromTargets);
    }

    [Theory]
    [InlineData(ReplyFilter.Address)]
    [InlineData(ReplyFilter.Exact)]
    public void A_second_target_opens_the_port_for_itself(ReplyFilter filter)
    {
        LinkUnderTest link = NewLink(Open);
        FakeDatagramSocket port = Accept(link, 2, filter: filter);
        port.Receive(Udp.Address("10.1.2.4:161"), 1);
        Assert.Empty(link.Sent());
        link.Receive(FrameStream.Datagram(2, "10.1.2.4:161", 2));
        port.Receive(Udp.Address("10.1.2.4:161"), 3);
        port.Receive(Udp.Address(Target), 4);
        Assert.Equal(["2 10.1.2.4:161 03", "2 target 04"], Datagrams(link.Sent()));
    }

    [Theory]
    [InlineData(ReplyFilter.Address)]
    [InlineData(ReplyFilter.Exact)]
    public void A_target_that_was_refused_does_not(ReplyFilter filter)
    {
        LinkUnderTest link = NewLink(Open with { Access = Udp.Allow("site-b", "10.1.2.3") });
        FakeDatagramSocket port = Accept(link, 2, filter: filter);
        link.Receive(FrameStream.Datagram(2, "10.1.2.4:161", 2));
        port.Receive(Udp.Address("10.1.2.4:161"), 3);
        Assert.Empty(link.Sent());
        Assert.Equal(1, link.Totals.DatagramsFiltered);
    }

    [Fact]
    public void The_latest_512_targets_are_heard()
    {
        LinkUnderTest link = NewLink(Open);
        FakeDatagramSocket port = Accept(link, 2, filter: ReplyFilter.Exact);
        for (int i = 0; i < 3_000; i++)
        {
            link.Receive(FrameStream.Datagram(2, $"10.2.{i >> 8}.{i & 255}:7", 1));
        }

        for (int i = 3_000 - 512; i < 3_000; i++)
        {
            port.Receive(Udp.Address($"10.2.{i >> 8}.{i & 255}:7"), 2);
        }

        Assert.Equal(512, link.Sent().Count);
        port.Receive(Udp.Address("10.2.0.0:7"), 2);
        Assert.Empty(link.Sent());
    }

    [Fact]
    public void Before_the_first_datagram_there_is_no_port_to_send_to()
    {
        LinkUnderTest link = NewLink(Open);
        link.Receive(FrameStream.OpenUdp(2, Target, filter: ReplyFilter.Any));
        Assert.Empty(link.Transport.Datagrams);
    }
}
