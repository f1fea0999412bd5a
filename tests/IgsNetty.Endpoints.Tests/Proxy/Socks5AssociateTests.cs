using IgsNetty.Endpoints.Proxy;
using IgsNetty.Relay.Datagrams;
using IgsNetty.TestKit.Relay;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Proxy;

/// <summary>RFC 1928 §4: UDP ASSOCIATE, and the address that a client states.</summary>
public sealed class Socks5AssociateTests
{
    private static readonly ProxyUsers Nobody = new(new Dictionary<string, string>());
    private static readonly DatagramOptions Configured = new() { ResponseTimeoutSeconds = 42 };

    [Theory]
    [InlineData("01" + "c0a80007" + "9c40", "192.168.0.7:40000")]
    [InlineData("01" + "00000000" + "0000", "0.0.0.0:0")]
    [InlineData("01" + "00000000" + "9c40", "0.0.0.0:40000")]
    [InlineData("04" + "20010db8000000000000000000000001" + "9c40", "[2001:db8::1]:40000")]
    [InlineData("04" + "00000000000000000000000000000000" + "0000", "[::]:0")]
    [InlineData("04" + "00000000000000000000ffffc0a80007" + "9c40", "192.168.0.7:40000")]
    public void It_states_where_it_sends_from(string address, string stated)
    {
        Talk talk = Say("050300" + address);
        Assert.Equal("0500", talk.Replies);
        Assert.Equal(new AssociateRequest(Udp.Address(stated), Configured), talk.Association);
        Assert.Null(talk.Target);
    }

    [Theory]
    [InlineData("03" + "0161" + "9c40")]
    [InlineData("03" + "00" + "9c40")]
    public void A_name_says_nothing(string address) => Assert.Equal(new AssociateRequest(default, Configured), Say("050300" + address).Association);

    [Theory]
    [InlineData("00")]
    [InlineData("02")]
    [InlineData("05")]
    public void Another_kind_of_address_is_not_supported(string kind) =>
        Assert.Equal("0500" + "05080001000000000000", Say("050300" + kind + "00000000" + "0000").Replies);

    [Fact]
    public void BIND_is_not_supported() => Assert.Equal("0500" + "05070001000000000000", Say("05020001" + "00000000" + "0000").Replies);

    [Fact]
    public void A_request_that_is_cut_short_is_waited_for()
    {
        byte[] all = Convert.FromHexString("050100" + "05030004" + "20010db8000000000000000000000001" + "9c40");
        for (int size = 3; size < all.Length; size++)
        {
            Talk talk = Talk.InEverySplit(() => new Socks5Dialogue(Nobody, Configured), all[..size]);
            Assert.Equal((null, null), (talk.Association, talk.Refusal));
        }
    }

    private static Talk Say(string request) =>
        Talk.InEverySplit(() => new Socks5Dialogue(Nobody, Configured), Convert.FromHexString("050100" + request));
}
