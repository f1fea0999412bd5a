using System.Globalization;
using System.Net;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Tools;

[AboveTransports]
public sealed class RedisTests(ITestOutputHelper output) : FunctionalTest(output)
{
    [RequiresToolTheory("redis-server", "redis-cli")]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task Redis_sets_and_gets_through_a_forward(RelayMode mode)
    {
        (ChildProcess server, IPEndPoint address) = await ForeignServer.StartAsync(
            "redis-server",
            isUdp: false,
            its =>
            [
                "--bind", "127.0.0.1", "--port", its.Port.ToString(CultureInfo.InvariantCulture),
                "--save", "", "--appendonly", "no", "--dir", Temp.Path,
            ]);
        Own(server);
        Relay relay = await StartRelayAsync(mode, address);
        string value = new('v', 100_000);

        Assert.Equal("OK\n", (await RunAsync(relay, address, value, "-x", "SET", "key")).Output);
        Assert.Equal(value + "\n", (await RunAsync(relay, address, "", "GET", "key")).Output);
    }

    private static async Task<ToolResult> RunAsync(Relay relay, IPEndPoint server, string input, params string[] arguments)
    {
        string port = relay.ForwardTo(server).Port.ToString(CultureInfo.InvariantCulture);
        return (await ExternalTool.RunAsync("redis-cli", ["-h", "127.0.0.1", "-p", port, .. arguments], input)).ExpectSuccess();
    }
}
