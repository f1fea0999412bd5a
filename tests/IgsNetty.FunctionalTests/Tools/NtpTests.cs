using System.Globalization;
using System.Net;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Tools;

/// <summary>NTP between two chronyd: one serves its clock, one asks and only prints. Neither touches the machine's clock.</summary>
[AboveTransports]
public sealed class NtpTests(ITestOutputHelper output) : FunctionalTest(output)
{
    // Neither privileges, nor a control port, nor files outside of the test.
    private static string[] Common => ["-U", "-u", Environment.UserName];

    [RequiresToolTheory("chronyd")]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task Chronyd_measures_its_offset(RelayMode mode)
    {
        IPEndPoint server = await StartServerAsync();
        Relay relay = await StartUdpRelayAsync(mode, server);
        string port = relay.UdpForwardTo(server).Port.ToString(CultureInfo.InvariantCulture);

        ToolResult result = await ExternalTool.RunAsync(
            "chronyd",
            [
                .. Common, "-Q", "-t", "60", $"server 127.0.0.1 port {port} iburst maxsamples 1",
                $"pidfile {Temp.File("client.pid")}", "cmdport 0", "bindcmdaddress /",
            ]);

        result.ExpectSuccess();
        Say(result.Text.Trim());
        Assert.Contains("System clock wrong by", result.Text, StringComparison.Ordinal);
    }

    private async Task<IPEndPoint> StartServerAsync()
    {
        (ChildProcess server, IPEndPoint address) = await ForeignServer.StartAsync(
            "chronyd",
            isUdp: true,
            its =>
            [
                .. Common, "-x", "-d", "local stratum 5", "allow 127.0.0.0/8", "bindaddress 127.0.0.1",
                $"port {its.Port}", $"pidfile {Temp.File("server.pid")}", "cmdport 0", "bindcmdaddress /",
            ]);
        Own(server);
        return address;
    }
}
