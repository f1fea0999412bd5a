using System.Globalization;
using System.Net;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Access;

/// <summary>What the called side lets its peer open.</summary>
[AboveTransports]
public sealed class AccessTests(ITestOutputHelper output) : FunctionalTest(output)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_a_rule_a_peer_may_open_nothing(bool withEmptySection)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartRelayAsync(new RelayPlan(RelayMode.TwoGateways)
        {
            Allow = [],
            ChangeCalled = config => _ = withEmptySection || config.Remove("Allow"),
        });

        await ExpectNotAllowedAsync(relay, echo);
    }

    [Fact]
    public async Task A_rule_for_another_peer_lets_this_one_open_nothing()
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartRelayAsync(new RelayPlan(RelayMode.TwoGateways)
        {
            Allow = [],
            ChangeCalled = config => config["Allow"]!.AsArray().Add(GatewayConfig.AllowEntry("site-z", new AllowRule("*"))),
        });

        await ExpectNotAllowedAsync(relay, echo);
    }

    [Fact]
    public async Task A_rule_for_local_callers_lets_a_peer_open_nothing()
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartRelayAsync(new RelayPlan(RelayMode.TwoGateways)
        {
            Allow = [],
            ChangeCalled = config => config["Allow"]!.AsArray().Add(GatewayConfig.AllowEntry("local", new AllowRule("*"))),
        });

        await ExpectNotAllowedAsync(relay, echo);
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_rule_by_port_opens_that_port_only(RelayMode mode)
    {
        TcpTarget<long> open = Own(Serving.Echo());
        TcpTarget<long> closed = Own(Serving.Echo());
        string port = open.EndPoint.Port.ToString(CultureInfo.InvariantCulture);
        Relay relay = await StartRelayAsync(new RelayPlan(mode) { Allow = [new("127.0.0.1", port)] });

        using TcpCall call = await relay.CallAsync(Entry.Socks5, open.EndPoint, Deadline);
        await call.ExpectEchoAsync(1000);
        await ExpectNotAllowedAsync(relay, closed);
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_forward_to_what_is_not_allowed_resets_its_caller(RelayMode mode)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartRelayAsync(new RelayPlan(mode) { Allow = [new("127.0.0.2")], Forwards = [echo.EndPoint] });
        using TcpCall call = await relay.CallAsync(Entry.Forward, echo.EndPoint, Deadline);

        Assert.Equal(StreamEnd.Reset, (await call.ReceiveAllAsync()).End);
        Assert.Equal(0, echo.Accepted);
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_rule_by_name_opens_that_name_and_not_its_address(RelayMode mode)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartRelayAsync(new RelayPlan(mode) { Allow = [new("localhost")] });
        using TcpCall byName = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
        await Socks5.GreetAsync(byName);

        Assert.Equal(Socks5.Succeeded, await Socks5.AskAsync(byName, Socks5.Request("localhost", echo.EndPoint.Port)));
        await byName.ExpectEchoAsync(1000);

        using TcpCall byAddress = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
        await Socks5.GreetAsync(byAddress);
        Assert.Equal(Socks5.NotAllowed, await Socks5.AskAsync(byAddress, Socks5.Request(IPAddress.Loopback, echo.EndPoint.Port)));
    }

    private async Task ExpectNotAllowedAsync(Relay relay, TcpTarget<long> echo)
    {
        using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
        await Socks5.GreetAsync(call);

        Assert.Equal(Socks5.NotAllowed, await Socks5.AskAsync(call, Socks5.Request(echo.EndPoint.Address, echo.EndPoint.Port)));
        Assert.Equal(0, echo.Accepted);
    }
}
