using System.Globalization;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Tools;

/// <summary>A SOCKS5 client of another maker: PySocks, as Debian packages it, in a program that sends and checks what comes back.</summary>
[AboveTransports]
public sealed class PySocksTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private const string Python = "/usr/bin/python3";
    private const string Module = "/usr/lib/python3/dist-packages/socks.py";

    // Arguments: proxy port, target port, and what to call the target by.
    private const string Program = """
        import sys, socks
        proxy, port, names = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
        s = socks.socksocket(socks.socket.AF_INET, socks.socket.SOCK_DGRAM)
        s.set_proxy(socks.SOCKS5, '127.0.0.1', proxy)
        s.settimeout(60)
        for name in names:
            for size in [0, 1, 1400, 9000] * 5:
                sent = bytes(i * 7 % 256 for i in range(size))
                s.sendto(sent, (name, port))
                data, source = s.recvfrom(65536)
                assert data == sent, (len(data), size)
                assert source == ('127.0.0.1', port), source
        print('all came back')
        """;

    [RequiresToolTheory(Python, Module)]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task PySocks_exchanges_datagrams_with_a_target_by_address(RelayMode mode)
    {
        UdpTarget echo = Own(UdpTarget.Echo());
        Relay relay = await StartUdpRelayAsync(mode);

        ToolResult result = await ExternalTool.RunAsync(
            Python, ["-c", Program, Text(relay.Calling.Proxy.Port), Text(echo.EndPoint.Port), "127.0.0.1"]);

        Assert.Equal("all came back\n", result.ExpectSuccess().Output);
        Assert.Single(echo.Senders);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
