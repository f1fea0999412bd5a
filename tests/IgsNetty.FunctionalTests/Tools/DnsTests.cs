using System.Globalization;
using System.Net;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Tools;

/// <summary>dig asks dnsmasq over UDP.</summary>
[AboveTransports]
public sealed class DnsTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private const int Records = 20;

    // Longer than a frame of Ethernet, shorter than what both programs take over UDP.
    private const int RecordBytes = 170;

    [RequiresToolTheory("dig", "dnsmasq")]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task Dig_gets_small_and_large_answers(RelayMode mode)
    {
        IPEndPoint server = await StartServerAsync();
        Relay relay = await StartUdpRelayAsync(mode, server);

        Assert.Equal("10.9.8.7\n", (await DigAsync(relay, server, "small.test", "A", "+short")).Output);

        ToolResult large = await DigAsync(relay, server, "large.test", "TXT", "+bufsize=8192");
        Assert.Contains("status: NOERROR", large.Output, StringComparison.Ordinal);
        Assert.Contains($"ANSWER: {Records},", large.Output, StringComparison.Ordinal);
        Assert.Contains("(UDP)", large.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("flags: qr aa tc", large.Output, StringComparison.Ordinal);
        Assert.All(Enumerable.Range(0, Records), i => Assert.Contains(Text(i), large.Output, StringComparison.Ordinal));

        // What the server cuts is not the gateway's doing: without room in the request the answer is truncated.
        ToolResult cut = await DigAsync(relay, server, "large.test", "TXT", "+bufsize=512");
        Assert.Contains("flags: qr aa tc", cut.Output, StringComparison.Ordinal);
    }

    // "+notcp +ignore": an answer that does not come over UDP is none.
    private static async Task<ToolResult> DigAsync(Relay relay, IPEndPoint server, string name, string type, string option)
    {
        string port = relay.UdpForwardTo(server).Port.ToString(CultureInfo.InvariantCulture);
        return (await ExternalTool.RunAsync(
            "dig", ["@127.0.0.1", "-p", port, "+notcp", "+ignore", "+tries=1", "+time=60", option, name, type])).ExpectSuccess();
    }

    private static string Text(int record) => record.ToString("D3", CultureInfo.InvariantCulture) + new string('x', RecordBytes);

    private async Task<IPEndPoint> StartServerAsync()
    {
        (ChildProcess server, IPEndPoint address) = await ForeignServer.StartAsync(
            "dnsmasq", isUdp: true, address => ["--no-daemon", $"--conf-file={Temp.Write("dnsmasq.conf", Configuration(address))}"]);
        Own(server);
        return address;
    }

    private static string Configuration(IPEndPoint address) => string.Join('\n',
    [
        "no-resolv", "no-hosts", "no-poll", "bind-interfaces", "listen-address=127.0.0.1",
        $"port={address.Port}", $"user={Environment.UserName}", "pid-file=", "edns-packet-max=8192",
        "local=/test/", "address=/small.test/10.9.8.7",
        .. Enumerable.Range(0, Records).Select(i => $"txt-record=large.test,{Text(i)}"),
    ]) + "\n";
}
