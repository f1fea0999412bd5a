using System.Net;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Routing;
using Xunit;

namespace IgsNetty.Gateway.Tests.Configuration;

public sealed class DestinationPatternTests
{
    [Theory]
    [InlineData("*", "10.1.2.3", true)]
    [InlineData("*", "host.example", true)]
    [InlineData("10.1.0.0/16", "10.1.0.0", true)]
    [InlineData("10.1.0.0/16", "10.1.255.255", true)]
    [InlineData("10.1.0.0/16", "10.0.255.255", false)]
    [InlineData("10.1.0.0/16", "10.2.0.0", false)]
    [InlineData("10.1.0.0/16", "::ffff:10.1.2.3", true)]
    [InlineData("10.1.0.0/16", "fd00::1", false)]
    [InlineData("10.1.0.0/16", "10.1.example", false)]
    [InlineData("10.1.2.128/25", "10.1.2.128", true)]
    [InlineData("10.1.2.128/25", "10.1.2.127", false)]
    [InlineData("10.1.2.3/32", "10.1.2.3", true)]
    [InlineData("10.1.2.3/32", "10.1.2.2", false)]
    [InlineData("0.0.0.0/0", "255.1.2.3", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("0.0.0.0/0", "host.example", false)]
    [InlineData("10.1.2.3", "10.1.2.3", true)]
    [InlineData("10.1.2.3", "10.1.2.4", false)]
    [InlineData("10.1.2.3", "0x0a010203", true)]
    [InlineData("127.1", "127.0.0.1", true)]
    [InlineData("0177.0.0.1", "127.0.0.1", true)]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3", true)]
    [InlineData("fd00::/8", "fdff:ffff::1", true)]
    [InlineData("fd00::/8", "fe00::", false)]
    [InlineData("fd00:0:0:80::/57", "fd00:0:0:ff::1", true)]
    [InlineData("fd00:0:0:80::/57", "fd00:0:0:7f::1", false)]
    [InlineData("::/0", "::1", true)]
    [InlineData("::/0", "1.2.3.4", false)]
    [InlineData("::1", "0:0:0:0:0:0:0:1", true)]
    [InlineData("FD00::A", "fd00::a", true)]
    [InlineData("host.example", "HOST.example.", true)]
    [InlineData("Host.Example.", "host.example", true)]
    [InlineData("host.example", "a.host.example", false)]
    [InlineData("host.example", "1.2.3.4", false)]
    [InlineData("*.plant.example", "a.plant.example", true)]
    [InlineData("*.plant.example", "a.b.PLANT.example.", true)]
    [InlineData("*.Plant.example.", "a.plant.example", true)]
    [InlineData("*.plant.example", "plant.example", false)]
    [InlineData("*.plant.example", "aplant.example", false)]
    [InlineData("*.plant.example", "a.plant.example.evil", false)]
    [InlineData("*.plant.example", "10.1.2.3", false)]
    [InlineData("*.localhost", "localhost", false)]
    public void Matches(string pattern, string host, bool expected)
    {
        Assert.True(DestinationPattern.TryParse(pattern, out DestinationPattern parsed, out string error), error);
        Assert.True(TargetAddress.TryCreate(host, 1, out TargetAddress target, out error), error);
        Assert.Equal(expected, target.Host is not null ? parsed.MatchesHost(target.Host) : parsed.MatchesAddress(target.Address!));
        Assert.Equal(pattern, parsed.ToString());
        Assert.Equal(pattern == "*", parsed.MatchesAll);
    }

    [Theory]
    [InlineData("", "the host is empty")]
    [InlineData("*.", "the host is empty")]
    [InlineData("**", "a destination is '*'")]
    [InlineData("*example.com", "a destination is '*'")]
    [InlineData("a.*", "a destination is '*'")]
    [InlineData("*.*.example", "a destination is '*'")]
    [InlineData("host:80", "a destination is '*'")]
    [InlineData("http://host", "it must be an address or a CIDR block")]
    [InlineData("10.1.2.3.", "an address without a dot at its end")]
    [InlineData("*.10.1.2.3", "not '*.' and an address")]
    [InlineData("*.::1", "not '*.' and an address")]
    [InlineData("10.1.0.1/16", "it has address bits beyond /16")]
    [InlineData("10.1/16", "it has address bits beyond /16")]
    [InlineData("fd00::1/64", "it has address bits beyond /64")]
    [InlineData("10.0.0.0/33", "the prefix length must be 0 to 32")]
    [InlineData("fd00::/129", "the prefix length must be 0 to 128")]
    [InlineData("::ffff:10.0.0.0/104", "the prefix length must be 0 to 32")]
    [InlineData("10.0.0.0/", "the prefix length must be 0 to 32")]
    [InlineData("10.0.0.0/-1", "the prefix length must be 0 to 32")]
    [InlineData("10.0.0.0/ 8", "the prefix length must be 0 to 32")]
    [InlineData("10.0.0.0/+8", "the prefix length must be 0 to 32")]
    [InlineData("10.0.0.0/8/8", "it must be an address or a CIDR block")]
    [InlineData("host/8", "it must be an address or a CIDR block")]
    [InlineData("[::1]", "without brackets, port or scope ID")]
    [InlineData("[::1]:80", "without brackets, port or scope ID")]
    [InlineData("fe80::1%1", "without brackets, port or scope ID")]
    public void Mistakes(string text, string part)
    {
        Assert.False(DestinationPattern.TryParse(text, out _, out string error));
        Assert.Contains(part, error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_never_passes_for_a_name() =>
        Assert.False(Parse("10.1.0.0/16").MatchesHost("10.1.2.3") || Parse("*.example").MatchesAddress(IPAddress.Loopback));

    private static DestinationPattern Parse(string text)
    {
        Assert.True(DestinationPattern.TryParse(text, out DestinationPattern pattern, out _));
        return pattern;
    }
}
