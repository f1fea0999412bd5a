using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Proxy;

/// <summary>Callers that speak SOCKS4 or SOCKS4a.</summary>
[AboveTransports]
public sealed class Socks4Tests(ITestOutputHelper output, SharedRelays shared)
    : FunctionalTest(output, shared: shared), IClassFixture<SharedRelays>
{
    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_call_to_an_address_and_one_to_a_name_are_served(RelayMode mode)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await ShareRelayAsync(mode);
        foreach (byte[] host in (byte[][])[[127, 0, 0, 1, 0], [0, 0, 0, 1, 0, .. "localhost\0"u8]])
        {
            using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);

            await call.SendAsync(Request(echo.EndPoint.Port, host));

            Assert.Equal([0, 0x5A], (await call.ReadAsync(8))[..2]);
            await call.ExpectEchoAsync(1000);
        }
    }

    [Fact]
    public async Task A_port_where_nobody_listens_and_BIND_are_rejected()
    {
        RefusingPort port = Own(new RefusingPort());
        Relay relay = await ShareRelayAsync(RelayMode.OneGateway);

        await ExpectRejectionAsync(relay, Request(port.EndPoint.Port, [127, 0, 0, 1, 0]));
        await ExpectRejectionAsync(relay, [4, 2, 0, 80, 127, 0, 0, 1, 0]);
    }

    [Fact]
    public async Task Where_there_are_users_it_is_rejected()
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartRelayAsync(new RelayPlan(RelayMode.OneGateway)
        {
            ChangeCalling = config => config["Proxy"]!["Users"] = new System.Text.Json.Nodes.JsonObject { ["alice"] = "secret" },
        });

        await ExpectRejectionAsync(relay, Request(echo.EndPoint.Port, [127, 0, 0, 1, .. "alice\0"u8]));
        Assert.Equal(0, echo.Accepted);
    }

    private static byte[] Request(int port, byte[] host) => [4, 1, (byte)(port >> 8), (byte)port, .. host];

    private async Task ExpectRejectionAsync(Relay relay, byte[] request)
    {
        using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
        await call.SendAsync(request);
        Assert.Equal([0, 0x5B, 0, 0, 0, 0, 0, 0], await call.ReadRestAsync());
    }
}
