using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.Perf.Ports;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Tools;

[AboveTransports]
[Collection(Alone.Name)]
public sealed class IperfUdpTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private const int DatagramBytes = 1400;

    // Of a hundred.
    private const double MostLost = 5;

    [RequiresToolTheory("iperf3")]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task Iperf_loses_nothing_to_speak_of_at_a_modest_rate(RelayMode mode)
    {
        (ChildProcess program, IPEndPoint server) = await ForeignServer.StartAsync(
            "iperf3", isUdp: false, its => ["-s", "-B", "127.0.0.1", "-p", Text(its.Port), "--forceflush"]);
        Own(program);
        IPEndPoint forward = new(IPAddress.Loopback, ForeignPorts.Take());
        await StartUdpRelayAsync(new RelayPlan(mode)
        {
            Forwards = [server],
            UdpForwards = [server],

            // iperf3 wants the same port for its control connection and its datagrams.
            ChangeCalling = config =>
            {
                foreach (JsonNode? entry in config["Forwards"]!.AsArray())
                {
                    entry!["Listen"] = forward.ToString();
                }
            },
        });

        int runs = 0;
        int again = 5;
        foreach ((int flows, string rate) in new[] { (1, "16M"), (8, "2M"), (64, "300K") })
        {
            foreach (string[] direction in new string[][] { [], ["-R"] })
            {
                await ReadyAsync();
                while (await LossAsync(forward, flows, rate, direction) > MostLost)
                {
                    // The kernel drops what a process that is held up does not read. Gateways that lose do so each time.
                    Assert.True(again-- > 0, "much is lost again and again");
                    await ReadyAsync();
                }
            }
        }

        // It opens its listener anew for each test.
        Task ReadyAsync()
        {
            runs++;
            return Eventually.Async(() => program.Output.Split("Server listening").Length > runs, () => "iperf3 listens");
        }
    }

    private async Task<double> LossAsync(IPEndPoint forward, int flows, string rate, string[] direction)
    {
        ToolResult result = await ExternalTool.RunAsync(
            "iperf3",
            [
                "-u", "-c", "127.0.0.1", "-p", Text(forward.Port), "-P", Text(flows), "-b", rate, "-l", Text(DatagramBytes), "-k", "600",
                "-w", "1M", "-J", .. direction,
            ]);

        result.ExpectSuccess();
        JsonNode answer = JsonNode.Parse(result.Output)!;
        Assert.Null(answer["error"]);
        JsonNode end = answer["end"]!;
        JsonNode received = end["sum"]!;
        double lost = received["lost_percent"]!.GetValue<double>();
        long packets = received["packets"]!.GetValue<long>();
        Say($"{flows} flows {string.Concat(direction)}: {packets} datagrams, {lost:F2} % lost");
        Assert.Equal(flows, end["streams"]!.AsArray().Count);
        Assert.All(end["streams"]!.AsArray(), stream => Assert.True(stream!["udp"]!["packets"]!.GetValue<long>() > 2, "an idle flow"));
        Assert.All(end["streams"]!.AsArray(), stream => Assert.Equal(0, stream!["udp"]!["out_of_order"]!.GetValue<long>()));
        return lost;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
