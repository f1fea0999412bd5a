using System.Net.Sockets;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Tests.Harness;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Datagrams;

/// <summary>Host names as targets: resolved at the called side, checked on what they resolve to.</summary>
public sealed class NameTests : DatagramTest
{
    private readonly FakeResolver _resolver = new();

    [Fact]
    public void Datagrams_wait_for_the_answer_and_keep_their_order()
    {
        LinkUnderTest link = New();
        Assert.Empty(link.Receive(
            FrameStream.OpenUdp(2, "dns.example:53"), FrameStream.Datagram(2, null, 1), FrameStream.Datagram(2, null), FrameStream.Datagram(2, null, 3)));
        Assert.Empty(link.Transport.Datagrams);
        Assert.Equal(["dns.example"], _resolver.Asked);
        _resolver.Answer("dns.example", "10.1.2.3");
        Assert.Empty(link.Receive(FrameStream.Datagram(2, null, 4)));
        Assert.Equal([$"{Target} 01", $"{Target} ", $"{Target} 03", $"{Target} 04"], Sent(Port(link)));
        Port(link).Receive(Udp.Address(Target), 5);
        Assert.Equal(["2 target 05"], Datagrams(link.Sent()));
        Assert.Equal(["dns.example"], _resolver.Asked);
    }

    [Fact]
    public void Datagrams_whose_flow_ends_meanwhile_still_go_and_the_port_closes_behind_them()
    {
        LinkUnderTest link = New();
        link.Receive(FrameStream.OpenUdp(2, "dns.example:53"), FrameStream.Datagram(2, null, 1), FrameStream.Datagram(2, null, 2), FrameStream.End(2));
        Assert.Empty(link.Transport.Datagrams);
        _resolver.Answer("dns.example", "10.1.2.3");
        Assert.Empty(link.Sent());
        Assert.Equal([$"{Target} 01", $"{Target} 02"], Sent(Port(link)));
        Assert.True(Port(link).IsClosed);
        Assert.Equal((1, 1), (link.Totals.ReplyPortsOpened, link.Totals.ReplyPortsClosed));
    }

    [Fact]
    public void A_name_that_does_not_exist_ends_a_flow_that_is_over_once()
    {
        LinkUnderTest link = New();
        link.Receive(FrameStream.OpenUdp(2, "nowhere.example:53"), FrameStream.Datagram(2, null, 1), FrameStream.End(2));
        _resolver.Answer("nowhere.example");
        Assert.Empty(link.Sent());
        Assert.Equal((1, 1), (link.Totals.ReplyPortsOpened, link.Totals.ReplyPortsClosed));
    }

    [Fact]
    public void The_first_address_that_is_allowed_is_taken()
    {
        LinkUnderTest link = New("10.1.2.0/24");
        link.Receive(FrameStream.OpenUdp(2, "dns.example:53"), FrameStream.Datagram(2, null, 1));
        _resolver.Answer("dns.example", "10.9.9.9", "::ffff:10.1.2.3", "10.1.2.4");
        Assert.Equal([$"{Target} 01"], Sent(Port(link)));
        Assert.Equal(0, link.Totals.DatagramsNotAllowed);
    }

    [Fact]
    public void A_name_with_no_address_that_is_allowed_is_refused()
    {
        LinkUnderTest link = New("10.1.2.0/24");
        link.Receive(FrameStream.OpenUdp(2, "dns.example:53"), FrameStream.Datagram(2, null, 1), FrameStream.Datagram(2, null, 2));
        _resolver.Answer("dns.example", "10.9.9.9", "127.0.0.1");
        Assert.Equal(ResetReason.NotAllowed, Assert.Single(link.Sent()).ResetReason);
        Assert.Equal(1, link.Totals.DatagramsNotAllowed);
        Assert.Equal(1, link.Totals.DatagramsDropped);
        Assert.Equal(1, Lines(2204));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_name_that_does_not_exist_is_told(bool fails)
    {
        LinkUnderTest link = New();
        link.Receive(FrameStream.OpenUdp(2, "nowhere.example:53"), FrameStream.Datagram(2, null, 1));
        if (fails)
        {
            _resolver.Fail("nowhere.example", new SocketException((int)SocketError.HostNotFound));
        }
        else
        {
            _resolver.Answer("nowhere.example");
        }

        Assert.Equal(ResetReason.NameNotFound, Assert.Single(link.Sent()).ResetReason);
        Assert.Equal(1, link.Totals.DatagramsDropped);
        Assert.Equal(0, link.Totals.DatagramsNotAllowed);
        Assert.Equal(1, Lines(2205));
        Assert.Equal(ResetReason.NameNotFound, Assert.Single(link.Receive(FrameStream.OpenUdp(4, "nowhere.example:54"), FrameStream.Datagram(4, null, 1))).ResetReason);
        Assert.Single(_resolver.Asked);
    }

    [Fact]
    public void One_more_name_that_does_not_exist_stays_unreached()
    {
        LinkUnderTest link = New();
        FakeDatagramSocket port = Accept(link, 2);
        link.Receive(FrameStream.Datagram(2, "nowhere.example:53", 1), FrameStream.Datagram(2, "nms.example:162", 2));
        _resolver.Answer("nowhere.example");
        _resolver.Answer("nms.example", "10.1.2.7");
        Assert.Empty(link.Receive(FrameStream.Datagram(2, null, 3)));
        Assert.Equal(["10.1.2.7:162 02", $"{Target} 03"], Sent(port));
        port.Receive(Udp.Address("10.1.2.7:162"), 4);
        Assert.Equal(["2 10.1.2.7:162 04"], Datagrams(link.Sent()));
    }

    [Fact]
    public void Flows_share_an_answer()
    {
        LinkUnderTest link = New();
        link.Receive(FrameStream.OpenUdp(2, "dns.example:53"), FrameStream.Datagram(2, null, 1));
        link.Receive(FrameStream.OpenUdp(4, "DNS.example.:54"), FrameStream.Datagram(4, null, 2));
        _resolver.Answer("dns.example", "10.1.2.3");
        Assert.Equal(["10.1.2.3:53 01"], Sent(Port(link)));
        Assert.Equal(["10.1.2.3:54 02"], Sent(Port(link, 1)));
        Assert.Single(_resolver.Asked);
    }

    private LinkUnderTest New(string allowed = "*") => NewLink(Open with { Access = Udp.Allow("site-b", allowed), Resolver = _resolver });
}
