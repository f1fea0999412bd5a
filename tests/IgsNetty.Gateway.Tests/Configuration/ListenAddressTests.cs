using System.Net;
using IgsNetty.Gateway.Configuration;
using Xunit;

namespace IgsNetty.Gateway.Tests.Configuration;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:20304", "127.0.0.1:20304")]
    [InlineData("0.0.0.0:0", "0.0.0.0:0")]
    [InlineData("[::1]:65535", "[::1]:65535")]
    [InlineData("[::]:1", "[::]:1")]
    [InlineData("*:1", "[::]:1")]
    [InlineData("localhost:1", "127.0.0.1:1")]
    [InlineData("LOCALHOST:1", "127.0.0.1:1")]
    [InlineData("[::ffff:10.0.0.1]:1", "10.0.0.1:1")]
    [InlineData("[fe80::1%7]:1", "[fe80::1%7]:1")]
    public void Good(string text, string expected)
    {
        Assert.True(ListenAddress.TryParse(text, out IPEndPoint address, out string error), error);
        Assert.Equal(expected, address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData(":1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("127.0.0.1: 1")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.1:1")]
    [InlineData("0177.0.0.1:1")]
    [InlineData("2130706433:1")]
    [InlineData("::1:1")]
    [InlineData("[::1]")]
    [InlineData("[127.0.0.1]:1")]
    [InlineData("[]:1")]
    [InlineData("[::1:1")]
    [InlineData("[[::1]]:1")]
    [InlineData("host.example:1")]
    [InlineData("**:1")]
    public void Bad(string text)
    {
        Assert.False(ListenAddress.TryParse(text, out _, out string error));
        Assert.NotEmpty(error);
    }
}
