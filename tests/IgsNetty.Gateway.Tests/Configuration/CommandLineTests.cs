using IgsNetty.Gateway.Configuration;
using Xunit;

namespace IgsNetty.Gateway.Tests.Configuration;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--Proxy:Listen", "--Proxy:Listen", "has no value; write --Proxy:Listen=VALUE")]
    [InlineData("Proxy:Enabled=false", "'Proxy:Enabled'", "is not a setting; write --Section:Key=VALUE")]
    [InlineData("-v", "'-v'", "is not a setting")]
    [InlineData("/Proxy:Enabled=false", "'/Proxy:Enabled'", "is not a setting")]
    [InlineData("--=x", "'--'", "is not a setting")]
    [InlineData("--Proxy:Enable=true", "Proxy:Enable", "did you mean 'Enabled'?")]
    [InlineData("--Proxy=x", "Proxy", "must be a section { … }, not a single value")]
    [InlineData("--Links:Listen=127.0.0.1:0", "Links:Listen", "must be a list [ … ], not a single value")]
    [InlineData("--Links:Listen:first=127.0.0.1:0", "Links:Listen:first", "must have a number in place of 'first'")]
    [InlineData("--Gateway:Name:First=a", "Gateway:Name", "must be a single value")]
    [InlineData("--Gateway:Loops=", "Gateway:Loops", "must be a whole number from 0 to 64, not ''")]
    public void Bad_argument(string argument, string key, string part) => Loading.OneError(Loading.NoFile(argument), key, part);

    [Fact]
    public void A_key_that_is_followed_by_a_key_has_no_value() =>
        Loading.OneError(Loading.NoFile("--Gateway:Name", "--Gateway:Loops=2"), "--Gateway:Name", "has no value");

    [Fact]
    public void Both_forms_and_any_case_are_understood_and_the_last_one_counts()
    {
        GatewayConfiguration configuration = Loading.Valid(
            Loading.NoFile("--Gateway:Name", "a", "--gateway:LOOPS=2", "--Gateway:Loops=3", "--Links:Reconnect:InitialSeconds", "0.25"));
        Assert.Equal("a", configuration.Name);
        Assert.Equal(3, configuration.Loops);
        Assert.Equal(0.25, configuration.Reconnect.InitialSeconds);
    }

    [Fact]
    public void Lists_can_be_filled()
    {
        GatewayConfiguration configuration = Loading.Valid(Loading.NoFile(
            "--Forwards:0:Name=web", "--Forwards:0:Listen=127.0.0.1:0", "--Forwards:0:Target=a.example:80", "--Forwards:0:Via=DIRECT",
            "--Forwards:10:Name=last", "--Forwards:10:Listen=127.0.0.1:0", "--Forwards:10:Target=b:1",
            "--Forwards:9:Name=next", "--Forwards:9:Listen=127.0.0.1:0", "--Forwards:9:Target=b:1"));
        Assert.Equal(["web", "next", "last"], configuration.Forwards.Select(f => f.Name));
        Assert.Equal("direct", configuration.Forwards[0].Via);
        Assert.Null(configuration.Forwards[1].Via);
    }
}
