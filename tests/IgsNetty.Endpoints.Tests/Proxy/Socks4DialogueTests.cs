using System.Text;
using IgsNetty.Endpoints.Proxy;
using IgsNetty.Protocol.Values;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Proxy;

/// <summary>SOCKS4 and SOCKS4a: the request and its answer.</summary>
public sealed class Socks4DialogueTests
{
    private const string Rejected = "005b000000000000";

    private static readonly ProxyUsers Nobody = new(new Dictionary<string, string>());
    private static readonly ProxyUsers Users = new(new Dictionary<string, string> { ["eve"] = "secret" });

    [Theory]
    [InlineData("0401" + "0050" + "0a010203" + "00", "10.1.2.3:80")]
    [InlineData("0401" + "ffff" + "ffffffff" + "65766500", "255.255.255.255:65535")]
    [InlineData("0401" + "0050" + "00000001" + "65766500" + "612e6200", "a.b:80")]
    [InlineData("0401" + "0050" + "000000ff" + "00" + "31302e312e322e3300", "10.1.2.3:80")]
    public void Connect_to_an_address_or_a_host(string request, string target) =>
        Assert.Equal(new Talk("", target, null, null, "48656c6c6f"), Say(request + "48656c6c6f"));

    [Theory]
    [InlineData("0402" + "0050" + "0a010203" + "00")]
    [InlineData("0400" + "0050" + "0a010203" + "00")]
    [InlineData("0401" + "0000" + "0a010203" + "00")]
    [InlineData("0401" + "0050" + "00000001" + "00" + "00")]
    [InlineData("0401" + "0050" + "00000001" + "00" + "61206200")]
    public void What_cannot_be_served_is_rejected(string request)
    {
        Talk talk = Say(request);
        Assert.Equal(Rejected, talk.Replies);
        Assert.Null(talk.Target);
        Assert.NotNull(talk.Refusal);
    }

    [Theory]
    [InlineData("0401" + "0050" + "0a010203" + "65766500")]
    [InlineData("0401" + "0050" + "00000001" + "65766500" + "6100")]
    public void Where_there_are_users_it_is_rejected_whatever_user_it_names(string request)
    {
        Talk talk = Talk.InEverySplit(() => new Socks4Dialogue(Users), Convert.FromHexString(request), Users);
        Assert.Equal(Rejected, talk.Replies);
        Assert.Null(talk.User);
        Assert.Contains("Proxy:Users", talk.Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void A_user_ID_has_a_longest_length_that_no_split_changes(int length, bool good)
    {
        string text = Convert.ToHexString(Encoding.ASCII.GetBytes(new string('u', length)));
        Talk talk = Say("0401" + "0050" + "0a010203" + text + "00");
        Assert.Equal(good ? "10.1.2.3:80" : null, talk.Target);
        Assert.Equal(good ? "" : Rejected, talk.Replies);
    }

    [Fact]
    public void A_text_without_an_end_is_not_kept_for_ever() =>
        Assert.Equal(Rejected, Say("0401" + "0050" + "0a010203" + new string('6', 1000)).Replies);

    [Fact]
    public void A_request_that_is_cut_short_is_waited_for()
    {
        byte[] all = Convert.FromHexString("0401" + "0050" + "00000001" + "65766500" + "612e6200");
        for (int size = 1; size < all.Length; size++)
        {
            Talk talk = Talk.InEverySplit(New, all[..size]);
            Assert.Null(talk.Target);
            Assert.Null(talk.Refusal);
        }
    }

    [Theory]
    [InlineData("10.1.2.3:41000", "005a" + "a028" + "0a010203")]
    [InlineData("[2001:db8::1]:41000", "005a" + "0000" + "00000000")]
    [InlineData(null, "005a" + "0000" + "00000000")]
    public void Success_names_an_IPv4_address(string? bound, string reply)
    {
        TargetAddress? address = bound is null ? null : TargetAddress.TryParse(bound, out TargetAddress parsed, out string error) ? parsed : throw new InvalidOperationException(error);
        Assert.Equal(reply, Convert.ToHexStringLower(New().Success(address)));
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Every_failure_is_a_rejection(ResetReason reason) => Assert.Equal(Rejected, Convert.ToHexStringLower(New().Failure(reason)));

    public static TheoryData<ResetReason> Reasons => [.. Enum.GetValues<ResetReason>()];

    private static Socks4Dialogue New() => new(Nobody);

    private static Talk Say(string hex) => Talk.InEverySplit(New, Convert.FromHexString(hex));
}
