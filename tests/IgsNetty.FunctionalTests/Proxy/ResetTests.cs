using System.Net;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Proxy;

/// <summary>Callers of the proxy port that reset their connection at any moment.</summary>
public sealed class ResetTests(ITestOutputHelper output) : FunctionalTest(output)
{
    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_reset_right_behind_the_request_is_no_warning(RelayMode mode)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartRelayAsync(mode);
        byte[] all = [.. Socks5.Greeting, .. Socks5.Request(IPAddress.Loopback, echo.EndPoint.Port)];
        for (int i = 0; i < 20; i++)
        {
            // The gateway finds the request and the reset at once.
            TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
            relay.Calling.Pause();
            await call.SendAsync(all);
            call.Reset();
            relay.Calling.Resume();
        }

        using TcpCall last = await relay.CallAsync(Entry.Socks5, echo.EndPoint, Deadline);
        await last.ExpectEchoAsync(100);

        // The gateway itself warns at its start of links without TLS.
        Assert.DoesNotContain(
            LogEntries.Problems(relay.Calling.Log), problem => !problem.Contains("IgsNetty.Gateway[", StringComparison.Ordinal));
    }
}
