using System.Net;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Tools;

/// <summary>snmpget and snmpwalk ask snmpd.</summary>
[AboveTransports]
public sealed class SnmpTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private const string Location = "1.3.6.1.2.1.1.6.0";
    private const string System = "1.3.6.1.2.1.1";

    // No MIB files, no files of the user's or the system's.
    private readonly Dictionary<string, string> _environment = new() { ["MIBS"] = "", ["MIBDIRS"] = "", ["SNMPCONFPATH"] = "/nonexistent" };

    [RequiresToolTheory("snmpd", "snmpget", "snmpwalk")]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task Snmpget_and_snmpwalk_read_what_the_server_has(RelayMode mode)
    {
        IPEndPoint server = await StartServerAsync();
        Relay relay = await StartUdpRelayAsync(mode, server);
        IPEndPoint forward = relay.UdpForwardTo(server);

        Assert.Equal("\"behind two gateways\"\n", await RunAsync("snmpget", forward, "v", Location));

        // The names only: a value may be a time. Each takes a round trip, as the walk asks for the next one.
        string[] past = Names(await RunAsync("snmpwalk", server, "nq", System));
        string[] through = Names(await RunAsync("snmpwalk", forward, "nq", System));
        Assert.True(past.Length > 20, $"{past.Length} values of the system group");
        Assert.Equal(past, through);
    }

    private static string[] Names(string walk) =>
        [.. walk.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0])];

    private static async Task<string> RunAsync(string tool, IPEndPoint to, string format, string what) => (await ExternalTool.RunAsync(
        tool, ["-v2c", "-c", "public", "-m", "", $"-Oq{format}", "-r", "0", "-t", "60", to.ToString(), what])).ExpectSuccess().Output;

    private async Task<IPEndPoint> StartServerAsync()
    {
        Dictionary<string, string> environment = new(_environment) { ["SNMP_PERSISTENT_DIR"] = Temp.File("snmp") };
        (ChildProcess server, IPEndPoint address) = await ForeignServer.StartAsync(
            "snmpd",
            isUdp: true,
            its => ["-f", "-Lo", "-C", "-c", Temp.Write("snmpd.conf", Configuration(its)), "-I", "-smux", "-p", Temp.File("snmpd.pid")],
            environment);
        Own(server);
        return address;
    }

    private static string Configuration(IPEndPoint address) =>
        $"agentAddress udp:{address}\nrocommunity public 127.0.0.1\nsysLocation behind two gateways\n";
}
