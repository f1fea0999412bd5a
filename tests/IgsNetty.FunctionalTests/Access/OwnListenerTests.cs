using System.Globalization;
using System.Net;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Access;

/// <summary>Calls that would come round to the gateway itself, or to what only its machine should reach.</summary>
[AboveTransports]
public sealed class OwnListenerTests(ITestOutputHelper output) : FunctionalTest(output)
{
    [Fact]
    public async Task Without_a_configuration_all_of_loopback_may_be_opened_but_the_gateway_itself()
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        GatewayProcess gateway = Own(await GatewayProcess.StartAsync("single", ["--Proxy:Listen=127.0.0.1:0"]));

        Assert.Equal(Socks5.Succeeded, await AskAsync(gateway, Socks5.Request("127.0.0.1", echo.EndPoint.Port)));
        Assert.Equal(Socks5.Succeeded, await AskAsync(gateway, Socks5.Request("localhost", echo.EndPoint.Port)));
        foreach (string host in (string[])["127.0.0.1", "localhost", "127.1", "0.0.0.0", "::ffff:127.0.0.1"])
        {
            Assert.True(await AskAsync(gateway, Socks5.Request(host, gateway.Proxy.Port)) == Socks5.NotAllowed, host);
        }

        foreach (string host in (string[])["169.254.169.254", "224.0.0.1", "255.255.255.255", "0.0.0.0", "::", "ff02::1"])
        {
            Assert.True(await AskAsync(gateway, Socks5.Request(host, 80)) == Socks5.NotAllowed, host);
        }

        using TcpCall http = await TcpCall.ConnectAsync(gateway.Proxy, Deadline);
        Assert.Equal(403, await HttpConnect.AskAsync(http, HttpConnect.Request("169.254.169.254:80")));
        Assert.Contains("is a listener of this gateway itself", gateway.Log, StringComparison.Ordinal);
        Assert.Contains("is a metadata address of a cloud", gateway.Log, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_rule_for_all_of_loopback_does_not_open_the_gateways_own_ports_and_one_that_lists_the_port_does(RelayMode mode)
    {
        Relay relay = await StartRelayAsync(new RelayPlan(mode));
        IPEndPoint own = mode == RelayMode.TwoGateways ? relay.Called.Link : relay.Called.Proxy;
        Assert.Equal(Socks5.NotAllowed, await AskAsync(relay.Calling, Socks5.Request(own.Address, own.Port)));

        // The entry that the log offers, pasted.
        await relay.Called.WaitForLogAsync("This entry of Allow would let it: { ");
        string log = relay.Called.Log;
        int begin = log.IndexOf("{ \"From\"", StringComparison.Ordinal);
        string entry = log[begin..(log.IndexOf('}', begin) + 1)];
        string port = own.Port.ToString(CultureInfo.InvariantCulture);
        Assert.Equal(
            $$"""{ "From": "{{(mode == RelayMode.TwoGateways ? GatewayConfig.CallingName : "local")}}", "Protocol": "tcp", "Destination": "127.0.0.1", "Ports": "{{port}}" }""",
            entry);
    }

    [Fact]
    public async Task A_wide_rule_opens_nothing_of_loopback()
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartRelayAsync(new RelayPlan(RelayMode.TwoGateways) { Allow = [new("*"), new("0.0.0.0/0"), new("::/0")] });
        Assert.Equal(Socks5.NotAllowed, await AskAsync(relay.Calling, Socks5.Request("127.0.0.1", echo.EndPoint.Port)));
        Assert.Equal(Socks5.NotAllowed, await AskAsync(relay.Calling, Socks5.Request("localhost", echo.EndPoint.Port)));
        Assert.Equal(0, echo.Accepted);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task Datagrams_do_not_come_round_either(int timeout)
    {
        UdpTarget echo = Own(UdpTarget.Echo());
        GatewayProcess gateway = Own(await GatewayProcess.StartAsync(
            "single", ["--Proxy:Listen=127.0.0.1:0", $"--Proxy:UdpResponseTimeoutSeconds={timeout.ToString(CultureInfo.InvariantCulture)}"]));
        foreach ((IPEndPoint target, string what) in (IReadOnlyList<(IPEndPoint, string)>)
            [(gateway.Proxy, "is a listener of this gateway itself"), (new(IPAddress.Parse("169.254.169.254"), 53), "is a metadata address of a cloud")])
        {
            // Each its own: a flow whose target is refused is not heard again at once.
            using Socks5Udp refused = await Socks5Udp.AssociateAsync(gateway.Proxy, Deadline);
            await refused.SendAsync((byte[])[1, 2, 3], target);
            await gateway.WaitForLogAsync(what);
        }

        using Socks5Udp caller = await Socks5Udp.AssociateAsync(gateway.Proxy, Deadline);
        await caller.SendAsync((byte[])[4], echo.EndPoint);
        await Eventually.Async(() => echo.Received > 0, () => "an ordinary target is reached");
    }

    private async Task<byte> AskAsync(GatewayProcess gateway, byte[] request)
    {
        using TcpCall call = await TcpCall.ConnectAsync(gateway.Proxy, Deadline);
        await Socks5.GreetAsync(call);
        return await Socks5.AskAsync(call, request);
    }
}
