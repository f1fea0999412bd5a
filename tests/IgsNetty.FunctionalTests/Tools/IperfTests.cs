using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Tools;

[AboveTransports]
public sealed class IperfTests(ITestOutputHelper output) : FunctionalTest(output)
{
    [RequiresToolTheory("iperf3")]
    [InlineData(RelayMode.TwoGateways, false)]
    [InlineData(RelayMode.TwoGateways, true)]
    [InlineData(RelayMode.OneGateway, false)]
    [InlineData(RelayMode.OneGateway, true)]
    public async Task Iperf_moves_eight_streams_through_a_forward(RelayMode mode, bool reverse)
    {
        (ChildProcess server, IPEndPoint address) = await ForeignServer.StartAsync(
            "iperf3", isUdp: false, its => ["-s", "-B", "127.0.0.1", "-p", $"{its.Port}", "--forceflush"]);
        Own(server);
        Relay relay = await StartRelayAsync(mode, address);
        string forward = relay.ForwardTo(address).Port.ToString(CultureInfo.InvariantCulture);

        ToolResult result = await ExternalTool.RunAsync(
            "iperf3", ["-c", "127.0.0.1", "-p", forward, "-P", "8", "-t", "1", "-b", "200M", "-J", .. reverse ? new[] { "-R" } : []]);

        result.ExpectSuccess();
        JsonNode end = JsonNode.Parse(result.Output)!["end"]!;
        double bits = end["sum_received"]!["bits_per_second"]!.GetValue<double>();
        Say($"{bits / 1e9:F2} Gbit/s");
        Assert.Equal(8, end["streams"]!.AsArray().Count);
        Assert.All(end["streams"]!.AsArray(), stream => Assert.True(stream!["receiver"]!["bytes"]!.GetValue<long>() > 0, "an idle stream"));
        Assert.True(bits > 0, "nothing was received");
    }
}
