using System.Net;
using IgsNetty.Endpoints.Names;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Names;

/// <summary>RFC 8305 §4, RFC 6724 §6: families in turn, and the one that can be reached begins.</summary>
public sealed class AddressOrderTests
{
    [Theory]
    [InlineData("10.0.0.1 10.0.0.2 10.0.0.3 2001:db8::1 2001:db8::2", "2001:db8::9", "2001:db8::1 10.0.0.1 2001:db8::2 10.0.0.2 10.0.0.3")]
    [InlineData("10.0.0.1 10.0.0.2 2001:db8::1", null, "10.0.0.1 2001:db8::1 10.0.0.2")]
    [InlineData("2001:db8::1 10.0.0.1", null, "10.0.0.1 2001:db8::1")]
    [InlineData("2001:db8::1 10.0.0.1", "fd00::9", "10.0.0.1 2001:db8::1")]
    [InlineData("fd00::1 10.0.0.1", "fd00::9", "fd00::1 10.0.0.1")]
    [InlineData("::1 127.0.0.1", "::1", "::1 127.0.0.1")]
    [InlineData("10.0.0.2 10.0.0.1", null, "10.0.0.2 10.0.0.1")]
    [InlineData("2001:db8::2 2001:db8::1", null, "2001:db8::2 2001:db8::1")]
    [InlineData("10.0.0.1 ::ffff:10.0.0.1 10.0.0.1", null, "10.0.0.1")]
    public void Families_take_turns(string addresses, string? source, string order)
    {
        IEnumerable<IPAddress> arranged = AddressOrder.Arrange(addresses.Split(' ').Select(IPAddress.Parse), _ => source is null ? null : IPAddress.Parse(source));
        Assert.Equal(order, string.Join(' ', arranged));
    }
}
