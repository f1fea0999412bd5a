using IgsNetty.Endpoints.Proxy;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;
using IgsNetty.TestKit.Relay;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Proxy;

/// <summary>docs/protocol.md §12: the options method within the dialogue.</summary>
public sealed class Socks5OptionsMethodTests
{
    private const string Options = "0101" + "01020005";
    private const string Associate = "05030001" + "00000000" + "0000";
    private const string Connect = "05010001" + "0a010203" + "0050";
    private const string Login = "01" + "03657665" + "06736563726574";

    private static readonly ProxyUsers Nobody = new(new Dictionary<string, string>());
    private static readonly ProxyUsers Users = new(new Dictionary<string, string> { ["eve"] = "secret" });
    private static readonly DatagramOptions Configured = new() { ResponseTimeoutSeconds = 42, ReplyFilter = ReplyFilter.Exact };

    [Theory]
    [InlineData("05019b")]
    [InlineData("0502009b")]
    [InlineData("05029b00")]
    [InlineData("05039b0102")]
    public void It_is_chosen_where_it_is_offered_and_the_request_follows(string greeting)
    {
        Talk talk = Say(Nobody, greeting + Options + Associate);
        Assert.Equal("059b" + "0100", talk.Replies);
        Assert.Equal(new AssociateRequest(Udp.Address("0.0.0.0:0"), Configured with { ResponseTimeoutSeconds = 5 }), talk.Association);
        Assert.Null(talk.User);
    }

    [Theory]
    [InlineData("05029b02")]
    [InlineData("0503009b02")]
    public void With_users_they_come_between(string greeting)
    {
        Talk talk = Say(Users, greeting + Options + Login + Associate);
        Assert.Equal("059b" + "0102" + "0100", talk.Replies);
        Assert.Equal("eve", talk.User);
        Assert.Equal(5, talk.Association?.Options.ResponseTimeoutSeconds);
    }

    [Theory]
    [InlineData("05019b")]
    [InlineData("0502009b")]
    public void With_users_it_is_no_way_round_them(string greeting)
    {
        Talk talk = Say(Users, greeting + Options + Associate);
        Assert.Equal("05ff", talk.Replies);
        Assert.NotNull(talk.Refusal);
        Assert.Null(talk.Association);
    }

    [Fact]
    public void With_users_a_request_without_them_is_turned_away()
    {
        Talk talk = Say(Users, "05029b02" + Options + Associate);
        Assert.Equal("059b" + "0102" + "0101", talk.Replies);
        Assert.Null(talk.Association);
    }

    [Theory]
    [InlineData("0101" + "01020e11")]
    [InlineData("0101" + "0300")]
    [InlineData("02")]
    public void Options_that_are_not_good_are_refused(string options)
    {
        Talk talk = Say(Nobody, "0502009b" + options);
        Assert.Equal("059b" + "01ff", talk.Replies);
        Assert.NotNull(talk.Refusal);
    }

    [Fact]
    public void To_CONNECT_they_mean_nothing()
    {
        Talk talk = Say(Nobody, "0502009b" + Options + Connect + "4869");
        Assert.Equal(("059b" + "0100", "10.1.2.3:80", "4869"), (talk.Replies, talk.Target, talk.Left));
    }

    [Fact]
    public void One_client_does_not_change_the_options_of_the_next()
    {
        Assert.Equal(5, Say(Nobody, "05019b" + Options + Associate).Association?.Options.ResponseTimeoutSeconds);
        Assert.Equal(Configured, Say(Nobody, "050100" + Associate).Association?.Options);
    }

    [Fact]
    public void Options_that_are_cut_short_are_waited_for()
    {
        byte[] all = Convert.FromHexString("05019b" + Options);
        for (int size = 3; size < all.Length; size++)
        {
            Talk talk = Talk.InEverySplit(() => new Socks5Dialogue(Nobody, Configured), all[..size]);
            Assert.Equal(("059b", null), (talk.Replies, talk.Refusal));
        }
    }

    private static Talk Say(ProxyUsers users, string hex) => Talk.InEverySplit(() => new Socks5Dialogue(users, Configured), Convert.FromHexString(hex), users);
}
