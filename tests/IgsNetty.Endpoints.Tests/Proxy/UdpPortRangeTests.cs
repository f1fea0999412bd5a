using IgsNetty.Endpoints.Proxy;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Proxy;

/// <summary>A range of ports as text.</summary>
public sealed class UdpPortRangeTests
{
    [Theory]
    [InlineData("20400-20999", 20400, 20999)]
    [InlineData("1-65535", 1, 65535)]
    [InlineData("53 - 53", 53, 53)]
    public void A_range_has_two_ends(string text, int first, int last)
    {
        Assert.True(UdpPortRange.TryParse(text, out UdpPortRange range));
        Assert.Equal(new UdpPortRange(first, last), range);
    }

    [Theory]
    [InlineData("")]
    [InlineData("20400")]
    [InlineData("0-1")]
    [InlineData("2-1")]
    [InlineData("1-65536")]
    [InlineData("1-2-3")]
    [InlineData("a-b")]
    public void Something_else_is_none(string text) => Assert.False(UdpPortRange.TryParse(text, out _));
}
