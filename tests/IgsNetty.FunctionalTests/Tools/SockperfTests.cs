using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using IgsNetty.FunctionalTests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Tools;

public sealed partial class SockperfTests(ITestOutputHelper output) : FunctionalTest(output)
{
    [RequiresToolTheory("sockperf")]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task Sockperf_plays_ping_pong_and_loses_nothing(RelayMode mode)
    {
        IPEndPoint server = await StartServerAsync();
        Relay relay = await StartUdpRelayAsync(mode, server);

        ToolResult result = await ExternalTool.RunAsync(
            "sockperf", ["ping-pong", "-i", "127.0.0.1", "-p", Text(relay.UdpForwardTo(server).Port), "-t", "1", "-m", "64"]);

        result.ExpectSuccess();
        Say(SummaryLine().Match(result.Output).Value);
        Assert.Contains("# dropped messages = 0; # duplicated messages = 0; # out-of-order", result.Output, StringComparison.Ordinal);

        // How many is a matter of the machine.
        Assert.True(int.Parse(Observations().Match(result.Output).Groups[1].Value, CultureInfo.InvariantCulture) > 1, result.Output);
    }

    private async Task<IPEndPoint> StartServerAsync()
    {
        (ChildProcess server, IPEndPoint address) = await ForeignServer.StartAsync(
            "sockperf", isUdp: true, its => ["server", "-i", "127.0.0.1", "-p", Text(its.Port)]);
        Own(server);
        return address;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("Summary: .*", RegexOptions.CultureInvariant)]
    private static partial Regex SummaryLine();

    [GeneratedRegex("Total ([0-9]+) observations", RegexOptions.CultureInvariant)]
    private static partial Regex Observations();
}
