using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Routing;
using Xunit;

namespace IgsNetty.Relay.Tests.Routing;

public sealed class RouteTableTests
{
    private static readonly RouteTable Routes = new(
    [
        Rule("10.1.0.0/16", "1-1023", "site-b"),
        Rule("10.0.0.0/8", "1-65535", "site-c"),
        Rule("fd00::/8", "1-65535", "site-b"),
        Rule("db.plant.example", "5432", "site-d"),
        Rule("*.plant.example", "1-65535", "site-b"),
        Rule("192.168.7.7", "1-65535", "direct"),
    ]);

    [Theory]
    [InlineData("10.1.2.3", 80, "site-b")]
    [InlineData("10.1.2.3", 1023, "site-b")]
    [InlineData("10.1.2.3", 1024, "site-c")]
    [InlineData("10.2.2.3", 80, "site-c")]
    [InlineData("::ffff:10.1.2.3", 80, "site-b")]
    [InlineData("0x0a.1.2.3", 80, "site-b")]
    [InlineData("11.0.0.1", 80, null)]
    [InlineData("fd12::1", 80, "site-b")]
    [InlineData("fe80::1", 80, null)]
    [InlineData("db.plant.example", 5432, "site-d")]
    [InlineData("DB.Plant.Example.", 5432, "site-d")]
    [InlineData("db.plant.example", 5433, "site-b")]
    [InlineData("a.b.plant.example", 80, "site-b")]
    [InlineData("plant.example", 80, null)]
    [InlineData("xplant.example", 80, null)]
    [InlineData("192.168.7.7", 80, "direct")]
    public void The_first_rule_that_matches_decides(string host, int port, string? via) => Assert.Equal(via, Routes.Find(Target(host, port)));

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("db.plant.example")]
    public void With_no_rules_everything_is_opened_here(string host) =>
        Assert.Equal(RouteRule.Direct, new RouteTable([]).Find(Target(host, 80)));

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("::1")]
    [InlineData("a.example")]
    public void A_star_matches_everything(string host) => Assert.Equal("site-z", new RouteTable([Rule("*", "80", "site-z")]).Find(Target(host, 80)));

    private static RouteRule Rule(string destination, string ports, string via)
    {
        Assert.True(DestinationPattern.TryParse(destination, out DestinationPattern pattern, out string error), error);
        Assert.True(PortSet.TryParse(ports, out PortSet set, out error), error);
        return new RouteRule(pattern, set, via);
    }

    private static TargetAddress Target(string host, int port)
    {
        Assert.True(TargetAddress.TryCreate(host, port, out TargetAddress target, out string error), error);
        return target;
    }
}
