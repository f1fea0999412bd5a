using System.Net;
using System.Net.Sockets;
using Xunit;

namespace IgsNetty.Gateway.Tests;

public sealed class ListeningTests
{
    [Theory]
    [InlineData("[::]:22280", true, "[::]:22280")]
    [InlineData("[::]:22280", false, "0.0.0.0:22280")]
    [InlineData("0.0.0.0:1", false, "0.0.0.0:1")]
    [InlineData("[::1]:1", false, "[::1]:1")]
    [InlineData("127.0.0.1:1", false, "127.0.0.1:1")]
    public void All_addresses_are_those_of_IPv4_where_there_is_no_IPv6(string configured, bool hasIPv6, string used) =>
        Assert.Equal(IPEndPoint.Parse(used), Listening.Here(IPEndPoint.Parse(configured), hasIPv6));

    [Theory]
    [InlineData(SocketError.AddressFamilyNotSupported, "no IPv6")]
    [InlineData(SocketError.AddressNotAvailable, "no such address")]
    [InlineData(SocketError.AccessDenied, "above 1023")]
    [InlineData(SocketError.AddressAlreadyInUse, "stop what uses it")]
    public void The_advice_fits_the_error(SocketError error, string part) =>
        Assert.Contains(part, Listening.Advice(error), StringComparison.Ordinal);
}
