using System.Text;
using IgsNetty.Endpoints.Proxy;
using IgsNetty.Relay.Datagrams;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Proxy;

/// <summary>RFC 1929: user and password.</summary>
public sealed class Socks5UserTests
{
    private const string Greeting = "050102";
    private const string Connect = "05010001" + "0a010203" + "0050";

    private static readonly string Long = new('\u00e9', 127); // 254 bytes of UTF-8

    private static readonly ProxyUsers Users = new(new Dictionary<string, string>
    {
        ["eve"] = "secret",
        [Long] = Long + "x",
        ["empty"] = "",
    });

    [Theory]
    [InlineData("050102")]
    [InlineData("05020002")]
    [InlineData("0503020100")]
    public void It_is_chosen_when_it_is_offered(string greeting)
    {
        Talk talk = Say([.. Convert.FromHexString(greeting), .. Login("eve", "secret"), .. Convert.FromHexString(Connect)]);
        Assert.Equal(new Talk("0502" + "0100", "10.1.2.3:80", "eve", null, ""), talk);
    }

    [Theory]
    [InlineData("050100")]
    [InlineData("05020103")]
    [InlineData("0500")]
    public void Without_it_there_is_no_way_in(string greeting)
    {
        Talk talk = Say(Convert.FromHexString(greeting));
        Assert.Equal("05ff", talk.Replies);
        Assert.NotNull(talk.Refusal);
    }

    [Theory]
    [InlineData("eve", "Secret")]
    [InlineData("eve", "secre")]
    [InlineData("eve", "secrets")]
    [InlineData("eve", "")]
    [InlineData("Eve", "secret")]
    [InlineData("adam", "secret")]
    [InlineData("adam", "")]
    [InlineData("", "")]
    [InlineData("eve\0", "secret")]
    public void A_wrong_one_is_turned_away(string user, string password)
    {
        Talk talk = Say([.. Convert.FromHexString(Greeting), .. Login(user, password)]);
        Assert.Equal("0502" + "0101", talk.Replies);
        Assert.NotNull(talk.Refusal);
        Assert.Null(talk.User);
    }

    [Fact]
    public void The_longest_and_the_emptiest_are_read_whole()
    {
        Assert.Equal(Long, Say(All(Long, Long + "x")).User);
        Assert.Equal("empty", Say(All("empty", "")).User);
        Assert.Null(Say(All(Long, Long)).User);
    }

    [Theory]
    [InlineData("00")]
    [InlineData("02")]
    [InlineData("05")]
    public void Another_version_of_it_is_turned_away(string version)
    {
        byte[] login = Login("eve", "secret");
        login[0] = Convert.FromHexString(version)[0];
        Assert.Equal("0502" + "0101", Say([.. Convert.FromHexString(Greeting), .. login]).Replies);
    }

    [Fact]
    public void A_request_without_it_is_turned_away()
    {
        Talk talk = Say(Convert.FromHexString(Greeting + Connect));
        Assert.Equal("0502" + "0101", talk.Replies);
        Assert.Null(talk.Target);
    }

    private static Talk Say(byte[] bytes) => Talk.InEverySplit(New, bytes, Users);

    private static Socks5Dialogue New() => new(Users, new DatagramOptions());

    private static byte[] All(string user, string password) =>
        [.. Convert.FromHexString(Greeting), .. Login(user, password), .. Convert.FromHexString(Connect)];

    private static byte[] Login(string user, string password)
    {
        byte[] name = Encoding.UTF8.GetBytes(user);
        byte[] secret = Encoding.UTF8.GetBytes(password);
        return [1, (byte)name.Length, .. name, (byte)secret.Length, .. secret];
    }
}
