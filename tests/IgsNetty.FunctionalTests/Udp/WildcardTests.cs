using System.Net;
using System.Text.Json.Nodes;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Udp;

/// <summary>
/// Listeners of all addresses, on a machine that has several: a reply comes from the address that was sent to, since a client
/// drops what comes from another one. Not so with the portable transport: docs/operations.md.
/// </summary>
[OnlyOn(Transport.Epoll)]
public sealed class WildcardTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private const string User = "alice";
    private const string Password = "secret";

    [Theory]
    [InlineData(RelayMode.TwoGateways, "0.0.0.0")]
    [InlineData(RelayMode.OneGateway, "0.0.0.0")]
    [InlineData(RelayMode.TwoGateways, "*")]
    [InlineData(RelayMode.OneGateway, "*")]
    public async Task Replies_come_from_the_address_that_was_sent_to(RelayMode mode, string listen)
    {
        using UdpPort target = new(Deadline);
        using UdpPort otherPort = new(Deadline);
        Relay relay = await StartAsync(mode, listen, target);
        int port = relay.UdpForwardTo(target.EndPoint).Port;

        foreach (string address in new[] { "127.0.0.1", "127.0.0.5", "127.0.0.6" })
        {
            using UdpPort client = new(Deadline);
            IPEndPoint forward = new(IPAddress.Parse(address), port);
            await client.SendAsync(new byte[] { 1 }, forward);
            IPEndPoint replyPort = (await target.ReceiveAsync()).From;
            await target.SendAsync(new byte[] { 2 }, replyPort);
            Assert.Equal(forward, (await client.ReceiveAsync()).From);
            await otherPort.SendAsync(new byte[] { 3 }, replyPort);
            Assert.Equal(forward.Address, (await client.ReceiveAsync()).From.Address);
        }
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task An_association_is_answered_from_the_address_that_its_client_was_told(RelayMode mode)
    {
        UdpTarget echo = Own(UdpTarget.Echo());
        using UdpPort unused = new(Deadline);
        Relay relay = await StartAsync(mode, "*", unused);

        foreach (string address in new[] { "127.0.0.1", "127.0.0.5" })
        {
            IPEndPoint proxy = new(IPAddress.Parse(address), relay.Calling.Proxy.Port);
            UdpPort client = new(Deadline);
            using Socks5Udp association = await Socks5Udp.AssociateAsync(
                proxy,
                client,
                Socks5.Address(client.EndPoint.Address, client.EndPoint.Port),
                Deadline,
                new Socks5Login { User = User, Password = Password });
            await association.SendAsync(new byte[] { 1 }, echo.EndPoint);
            Assert.Equal([1], (await association.ReceiveAsync()).Bytes);
        }
    }

    private Task<Relay> StartAsync(RelayMode mode, string listen, UdpPort target) => StartUdpRelayAsync(new RelayPlan(mode)
    {
        UdpForwards = [target.EndPoint],
        ChangeCalling = config =>
        {
            config["Forwards"]![0]!["Listen"] = $"{listen}:0";
            config["Proxy"]!["Listen"] = $"{listen}:0";
            config["Proxy"]!["Users"] = new JsonObject { [User] = Password };
            if (mode == RelayMode.OneGateway)
            {
                config["Allow"]!.AsArray().Add(GatewayConfig.AllowEntry($"user:{User}", new AllowRule("127.0.0.0/8")));
            }
        },
    });
}
