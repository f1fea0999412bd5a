using System.Net;
using IgsNetty.Relay.Routing;
using Xunit;

namespace IgsNetty.Relay.Tests.Routing;

public sealed class AccessPolicyTests
{
    private static readonly AccessPolicy Policy = new(
        [
            Rule("site-a", TransportProtocol.Tcp, "10.1.0.0/16", "80,443"),
            Rule("site-b", TransportProtocol.Udp, "10.1.0.53", "53"),
            Rule("site-b", TransportProtocol.Any, "10.3.0.0/16", "1-65535"),
            Rule("local", TransportProtocol.Tcp, "10.2.0.0/16", "1-65535"),
            Rule("user:eve", TransportProtocol.Tcp, "10.9.9.9", "22"),
            Rule("site-c", TransportProtocol.Tcp, "*.plant.example", "1-65535"),
            Rule("*", TransportProtocol.Tcp, "10.8.8.8", "8080"),
        ],
        onlyLoopbackListeners: true);

    [Theory]
    [InlineData("site-a", TransportProtocol.Tcp, null, "10.1.2.3", 80, true)]
    [InlineData("site-a", TransportProtocol.Tcp, null, "10.1.2.3", 443, true)]
    [InlineData("site-a", TransportProtocol.Tcp, null, "10.1.2.3", 81, false)]
    [InlineData("site-a", TransportProtocol.Udp, null, "10.1.2.3", 80, false)]
    [InlineData("site-a", TransportProtocol.Tcp, null, "10.2.2.3", 80, false)]
    [InlineData("Site-A", TransportProtocol.Tcp, null, "10.1.2.3", 80, false)]
    [InlineData("site-a2", TransportProtocol.Tcp, null, "10.1.2.3", 80, false)]
    [InlineData("site-b", TransportProtocol.Udp, null, "10.1.0.53", 53, true)]
    [InlineData("site-b", TransportProtocol.Tcp, null, "10.1.0.53", 53, false)]
    [InlineData("site-b", TransportProtocol.Tcp, null, "10.3.0.1", 9, true)]
    [InlineData("site-b", TransportProtocol.Udp, null, "10.3.0.1", 9, true)]
    [InlineData("local", TransportProtocol.Tcp, null, "10.2.0.1", 9, true)]
    [InlineData("user:bob", TransportProtocol.Tcp, null, "10.2.0.1", 9, true)]
    [InlineData("user:eve", TransportProtocol.Tcp, null, "10.9.9.9", 22, true)]
    [InlineData("user:bob", TransportProtocol.Tcp, null, "10.9.9.9", 22, false)]
    [InlineData("local", TransportProtocol.Tcp, null, "10.9.9.9", 22, false)]
    [InlineData("eve", TransportProtocol.Tcp, null, "10.9.9.9", 22, false)]
    [InlineData("site-a", TransportProtocol.Tcp, null, "10.8.8.8", 8080, true)]
    [InlineData("local", TransportProtocol.Tcp, null, "10.8.8.8", 8080, true)]
    [InlineData("local", TransportProtocol.Tcp, null, "10.3.0.1", 9, false)]
    [InlineData("site-c", TransportProtocol.Tcp, "db.plant.example", "10.77.0.1", 9, true)]
    [InlineData("site-c", TransportProtocol.Tcp, null, "10.77.0.1", 9, false)]
    [InlineData("site-c", TransportProtocol.Tcp, "db.other.example", "10.77.0.1", 9, false)]
    [InlineData("site-a", TransportProtocol.Tcp, "db.plant.example", "10.1.0.1", 80, true)]
    public void What_no_rule_allows_is_refused(string caller, TransportProtocol protocol, string? host, string address, int port, bool allowed) =>
        Assert.Equal(allowed, Policy.Allows(caller, protocol, host, IPAddress.Parse(address), port));

    [Theory]
    [InlineData("local", true, true)]
    [InlineData("user:eve", true, true)]
    [InlineData("site-a", true, false)]
    [InlineData("local", false, false)]
    [InlineData("user:eve", false, false)]
    [InlineData("site-a", false, false)]
    public void With_no_rules_only_local_callers_of_loopback_listeners_may_open(string caller, bool onlyLoopback, bool allowed)
    {
        AccessPolicy policy = new([], onlyLoopback);
        Assert.Equal(allowed, policy.Allows(caller, TransportProtocol.Tcp, "a.example", IPAddress.Loopback, 80));
        Assert.Equal(allowed, policy.Allows(caller, TransportProtocol.Udp, null, IPAddress.IPv6Loopback, 80));
    }

    private static AccessRule Rule(string from, TransportProtocol protocol, string destination, string ports)
    {
        Assert.True(DestinationPattern.TryParse(destination, out DestinationPattern pattern, out string error), error);
        Assert.True(PortSet.TryParse(ports, out PortSet set, out error), error);
        return new AccessRule(from, protocol, pattern, set);
    }
}
