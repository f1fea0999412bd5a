using System.Net;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Names;

/// <summary>A UDP target whose name has an IPv6 and an IPv4 address, and which listens on IPv4 only.</summary>
public sealed class DualStackTests(ITestOutputHelper output) : FunctionalTest(output)
{
    [RequiresNameServerTheory(alsoIPv6: true)]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_datagram_that_IPv6_refuses_reaches_the_target_on_IPv4(RelayMode mode)
    {
        UdpTarget echo = Own(UdpTarget.Echo());
        NameFiles names = NameFiles.Create(Temp, IPAddress.Loopback, "127.0.0.1 dual.example\n::1 dual.example");
        Relay relay = await StartUdpRelayAsync(new RelayPlan(mode) { Names = names });
        using Socks5Udp association = await Socks5Udp.AssociateAsync(relay.Calling.Proxy, Deadline);

        foreach (byte payload in new byte[] { 1, 2 })
        {
            await association.SendAsync(new[] { payload }, "dual.example", echo.EndPoint.Port);
            Datagram reply = await association.ReceiveAsync();
            Assert.Equal([payload], reply.Bytes);
            Assert.Equal(echo.EndPoint, reply.From);
        }
    }
}
