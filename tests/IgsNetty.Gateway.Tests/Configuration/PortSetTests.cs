using IgsNetty.Relay.Routing;
using Xunit;

namespace IgsNetty.Gateway.Tests.Configuration;

public sealed class PortSetTests
{
    [Theory]
    [InlineData("80", new[] { 80 }, new[] { 79, 81, 0 })]
    [InlineData("80,443", new[] { 80, 443 }, new[] { 81, 442 })]
    [InlineData("1-1023, 8080", new[] { 1, 1023, 8080 }, new[] { 0, 1024, 8081 })]
    [InlineData("8000 - 8099", new[] { 8000, 8099 }, new[] { 7999, 8100 })]
    [InlineData("5-5", new[] { 5 }, new[] { 4, 6 })]
    [InlineData("1-65535", new[] { 1, 65535 }, new[] { 0, 65536 })]
    [InlineData("100-200,150-300", new[] { 100, 250 }, new[] { 99, 301 })]
    public void Contains(string text, int[] inside, int[] outside)
    {
        Assert.True(PortSet.TryParse(text, out PortSet ports, out string error), error);
        Assert.All(inside, p => Assert.True(ports.Contains(p)));
        Assert.All(outside, p => Assert.False(ports.Contains(p)));
        Assert.Equal(text, ports.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("-80")]
    [InlineData("80-")]
    [InlineData("90-80")]
    [InlineData("1-2-3")]
    [InlineData("80,")]
    [InlineData(",80")]
    [InlineData("80;443")]
    [InlineData("+80")]
    [InlineData("http")]
    [InlineData("*")]
    [InlineData("８０")]
    public void Mistakes(string text)
    {
        Assert.False(PortSet.TryParse(text, out _, out string error));
        Assert.Contains("is not a port (1-65535) or a range", error, StringComparison.Ordinal);
    }
}
