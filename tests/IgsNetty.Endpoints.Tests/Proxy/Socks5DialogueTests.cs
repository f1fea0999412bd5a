using System.Text;
using IgsNetty.Endpoints.Proxy;
using IgsNetty.Relay.Datagrams;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Proxy;

/// <summary>RFC 1928: the greeting and the request.</summary>
public sealed class Socks5DialogueTests
{
    private const string NoAuthentication = "0500";
    private const string Ipv4 = "05010001" + "0a010203" + "0050";

    private static readonly ProxyUsers Nobody = new(new Dictionary<string, string>());

    [Theory]
    [InlineData("050100")]
    [InlineData("05020002")]
    [InlineData("0503010200")]
    [InlineData("05ff00" + "010203")]
    public void No_authentication_is_accepted_when_it_is_offered(string greeting)
    {
        byte[] bytes = Convert.FromHexString(greeting);
        byte[] padded = [.. bytes, .. Enumerable.Repeat((byte)7, Math.Max(0, 2 + bytes[1] - bytes.Length))];
        Talk talk = Talk.InEverySplit(New, [.. padded, .. Convert.FromHexString(Ipv4)]);
        Assert.Equal(new Talk(NoAuthentication, "10.1.2.3:80", null, null, ""), talk);
    }

    [Theory]
    [InlineData("050102", "03657665" + "06736563726574")]
    [InlineData("05020201", "03657665" + "06736563726574")]
    [InlineData("050102", "00" + "00")]
    [InlineData("050102", "03657665" + "00")]
    public void A_client_that_offers_a_password_only_may_give_any_and_stays_without_a_user(string greeting, string login)
    {
        Talk talk = Talk.InEverySplit(New, Convert.FromHexString(greeting + "01" + login + Ipv4));
        Assert.Equal(new Talk("0502" + "0100", "10.1.2.3:80", null, null, ""), talk);
    }

    [Fact]
    public void Its_login_has_to_have_the_right_version() =>
        Assert.Equal("0502" + "0101", Talk.InEverySplit(New, Convert.FromHexString("050102" + "02" + "0000" + Ipv4)).Replies);

    [Theory]
    [InlineData("0500")]
    [InlineData("05020103")]
    public void Without_it_there_is_no_acceptable_method(string greeting)
    {
        Talk talk = Talk.InEverySplit(New, Convert.FromHexString(greeting));
        Assert.Equal("05ff", talk.Replies);
        Assert.NotNull(talk.Refusal);
    }

    [Theory]
    [InlineData("01" + "0a010203" + "0050", "10.1.2.3:80")]
    [InlineData("01" + "ffffffff" + "ffff", "255.255.255.255:65535")]
    [InlineData("04" + "20010db8000000000000000000000001" + "01bb", "[2001:db8::1]:443")]
    [InlineData("04" + "00000000000000000000ffff0a010203" + "0001", "10.1.2.3:1")]
    public void Connect_to_an_address(string address, string target) =>
        Assert.Equal(new Talk(NoAuthentication, target, null, null, ""), Request("050100" + address));

    [Theory]
    [InlineData("db.plant.example", "db.plant.example:5432")]
    [InlineData("DB.Plant.Example.", "db.plant.example:5432")]
    [InlineData("10.1.2.3", "10.1.2.3:5432")]
    [InlineData("0x7f.1", "127.0.0.1:5432")]
    [InlineData("::1", "[::1]:5432")]
    [InlineData("a", "a:5432")]
    public void Connect_to_a_host(string host, string target) => Assert.Equal(target, Host(host).Target);

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\0b")]
    [InlineData("a..b")]
    [InlineData("caf\u00e9")]
    [InlineData("fe80::1%eth0")]
    public void A_host_that_is_none_is_a_general_failure(string host)
    {
        Talk talk = Host(host);
        Assert.Equal(NoAuthentication + "05010001000000000000", talk.Replies);
        Assert.Null(talk.Target);
        Assert.NotNull(talk.Refusal);
    }

    [Theory]
    [InlineData(253, true)]
    [InlineData(254, false)]
    [InlineData(255, false)]
    public void A_host_of_any_length_is_read_whole(int length, bool good)
    {
        string host = string.Concat(Enumerable.Repeat("abcdefg.", 32))[..(length - 1)] + "z";
        Assert.Equal(good ? host + ":5432" : null, Host(host).Target);
    }

    [Fact]
    public void Port_0_is_a_general_failure() => Assert.Equal(NoAuthentication + "05010001000000000000", Request("050100010a0102030000").Replies);

    [Theory]
    [InlineData("00")]
    [InlineData("02")]
    [InlineData("04")]
    [InlineData("ff")]
    public void Another_command_is_not_supported(string command) =>
        Assert.Equal(NoAuthentication + "05070001000000000000", Request("05" + command + "00" + Ipv4[6..]).Replies);

    [Theory]
    [InlineData("00")]
    [InlineData("02")]
    [InlineData("05")]
    [InlineData("ff")]
    public void Another_kind_of_address_is_not_supported(string kind) =>
        Assert.Equal(NoAuthentication + "05080001000000000000", Request("050100" + kind + Ipv4[8..]).Replies);

    [Theory]
    [InlineData("04")]
    [InlineData("01")]
    [InlineData("00")]
    public void A_request_of_another_version_gets_no_answer(string version)
    {
        Talk talk = Request(version + Ipv4[2..]);
        Assert.Equal(NoAuthentication, talk.Replies);
        Assert.NotNull(talk.Refusal);
    }

    [Fact]
    public void What_follows_the_request_is_left_for_the_target()
    {
        Talk talk = Request(Ipv4 + "48656c6c6f");
        Assert.Equal("10.1.2.3:80", talk.Target);
        Assert.Equal("48656c6c6f", talk.Left);
    }

    [Fact]
    public void A_request_that_is_cut_short_is_waited_for()
    {
        byte[] all = Convert.FromHexString("050100" + Ipv4);
        for (int size = 1; size < all.Length; size++)
        {
            Talk talk = Talk.InEverySplit(New, all[..size]);
            Assert.Null(talk.Target);
            Assert.Null(talk.Refusal);
        }
    }

    private static Socks5Dialogue New() => new(Nobody, new DatagramOptions());

    private static Talk Host(string host)
    {
        byte[] name = Encoding.Latin1.GetBytes(host);
        return Request("05010003" + Convert.ToHexString([(byte)name.Length, .. name]) + "1538");
    }

    private static Talk Request(string hex) => Talk.InEverySplit(New, Convert.FromHexString("050100" + hex));
}
