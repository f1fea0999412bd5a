using System.Net;
using IgsNetty.Relay.Routing;
using Xunit;

namespace IgsNetty.Relay.Tests.Routing;

public sealed class LocalNetworksTests
{
    [Theory]
    [InlineData("192.168.7.20", 24, "192.168.7.255")]
    [InlineData("10.1.2.3", 8, "10.255.255.255")]
    [InlineData("10.1.2.3", 23, "10.1.3.255")]
    [InlineData("10.1.2.1", 30, "10.1.2.3")]
    [InlineData("10.1.2.1", 31, null)]
    [InlineData("10.1.2.1", 32, null)]
    [InlineData("fd00::1", 64, null)]
    public void A_network_has_one_broadcast_address(string address, int prefix, string? broadcast)
    {
        LocalNetworks networks = new(() => [(IPAddress.Parse(address), prefix)]);
        Assert.True(networks.IsOwn(IPAddress.Parse(address)));
        Assert.False(networks.IsOwn(IPAddress.Parse("203.0.113.9")));
        Assert.False(networks.IsBroadcast(IPAddress.Parse(address)));
        string[] candidates = ["192.168.7.255", "10.255.255.255", "10.1.3.255", "10.1.2.3", "10.1.2.1", "10.1.2.0"];
        Assert.Equal(broadcast is null ? [] : [broadcast], candidates.Where(candidate => networks.IsBroadcast(IPAddress.Parse(candidate))));
    }

    [Fact]
    public void The_machines_own_are_read_from_the_system() => Assert.True(new LocalNetworks().IsOwn(IPAddress.Loopback));
}
