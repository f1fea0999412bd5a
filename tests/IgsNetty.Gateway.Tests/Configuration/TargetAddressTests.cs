using System.Net;
using IgsNetty.Protocol.Values;
using Xunit;

namespace IgsNetty.Gateway.Tests.Configuration;

/// <summary>One target has one form, however it is spelled: access rules depend on it.</summary>
public sealed class TargetAddressTests
{
    [Theory]
    [InlineData("10.1.2.3:80", "10.1.2.3:80")]
    [InlineData("[::ffff:10.1.2.3]:80", "10.1.2.3:80")]
    [InlineData("[::ffff:0a01:203]:80", "10.1.2.3:80")]
    [InlineData("127.1:80", "127.0.0.1:80")]
    [InlineData("0x7f000001:80", "127.0.0.1:80")]
    [InlineData("0x7f.0.0.1:80", "127.0.0.1:80")]
    [InlineData("017700000001:80", "127.0.0.1:80")]
    [InlineData("0177.0.0.01:80", "127.0.0.1:80")]
    [InlineData("2130706433:80", "127.0.0.1:80")]
    [InlineData("10.1.2.3.:80", "10.1.2.3:80")]
    [InlineData("[::1]:80", "[::1]:80")]
    [InlineData("[0:0:0:0:0:0:0:1]:80", "[::1]:80")]
    [InlineData("[FD00::A]:80", "[fd00::a]:80")]
    public void Addresses(string text, string expected)
    {
        TargetAddress target = Parse(text);
        Assert.NotNull(target.Address);
        Assert.Null(target.Host);
        Assert.Equal(expected, target.ToString());
        Assert.Equal(Parse(expected), target);
    }

    [Theory]
    [InlineData("WWW.Example.COM:443", "www.example.com")]
    [InlineData("www.example.com.:443", "www.example.com")]
    [InlineData("my_host-1:443", "my_host-1")]
    [InlineData("256.1.1.1:443", "256.1.1.1")]
    [InlineData("0x7g:443", "0x7g")]
    public void Names(string text, string host)
    {
        TargetAddress target = Parse(text);
        Assert.Null(target.Address);
        Assert.Equal(host, target.Host);
        Assert.Equal($"{host}:443", target.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("host")]
    [InlineData(":80")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:+1")]
    [InlineData("host: 1")]
    [InlineData("::1:80")]
    [InlineData("[host]:80")]
    [InlineData("[127.0.0.1]:80")]
    [InlineData("[::1:80")]
    [InlineData("[fe80::1%1]:80")]
    [InlineData("fe80::1%1:80")]
    [InlineData(".:80")]
    [InlineData("..:80")]
    [InlineData(".example:80")]
    [InlineData("a..b:80")]
    [InlineData("example.com..:80")]
    [InlineData("127.0.0.1..:80")]
    [InlineData("a b:80")]
    [InlineData("a/b:80")]
    [InlineData("bücher.example:80")]
    [InlineData("１２７.0.0.1:80")]
    [InlineData("a\0b:80")]
    public void Neither(string text)
    {
        Assert.False(TargetAddress.TryParse(text, out _, out string error));
        Assert.NotEmpty(error);
    }

    [Theory]
    [InlineData("[::1]:80")]
    [InlineData("[::1")]
    [InlineData("::1%lo")]
    [InlineData("::1/128")]
    public void A_host_part_is_no_more_than_a_host(string host) => Assert.False(TargetAddress.TryCreate(host, 443, out _, out _));

    [Fact]
    public void Lengths()
    {
        string label = new('a', 63);
        string longest = $"{label}.{label}.{label}.{new string('a', 61)}";
        Assert.Equal(253, longest.Length);
        Assert.True(TargetAddress.TryCreate(longest + ".", 1, out _, out _));
        Assert.False(TargetAddress.TryCreate("a" + longest, 1, out _, out _));
        Assert.False(TargetAddress.TryCreate(label + "a", 1, out _, out _));
    }

    [Fact]
    public void From_endpoints_the_scope_is_dropped_and_mapped_addresses_are_IPv4()
    {
        Assert.Equal(TargetAddress.FromIP(IPAddress.Parse("fe80::1"), 9), TargetAddress.FromEndPoint(new IPEndPoint(IPAddress.Parse("fe80::1%3"), 9)));
        Assert.Equal(TargetAddress.FromIP(IPAddress.Parse("1.2.3.4"), 0), TargetAddress.FromIP(IPAddress.Parse("::ffff:1.2.3.4"), 0));
    }

    private static TargetAddress Parse(string text)
    {
        Assert.True(TargetAddress.TryParse(text, out TargetAddress target, out string error), error);
        return target;
    }
}
