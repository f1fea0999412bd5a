using System.Net.Sockets;
using System.Text;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Faults;

/// <summary>More callers than a gateway may have descriptors.</summary>
public sealed class DescriptorTests(ITestOutputHelper output) : FunctionalTest(output)
{
    /// <summary>What a gateway keeps back for its runtime, which ends the process when it gets none.</summary>
    private const int Reserve = 128;

    private const int Left = 40;
    private const int Callers = 4 * Left;

    [Fact]
    public async Task When_they_run_out_what_stands_goes_on_and_new_calls_are_served_as_soon_as_some_come_back()
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartRelayAsync(new RelayPlan(RelayMode.OneGateway) { Forwards = [echo.EndPoint] });
        GatewayProcess gateway = relay.Called;
        using TcpCall before = await relay.CallAsync(Entry.Forward, echo.EndPoint, Deadline);
        await before.ExpectEchoAsync(1000);
        int most = gateway.OpenDescriptors + Left;
        gateway.LimitDescriptors(most + Reserve);

        List<TcpCall> callers = [];
        for (int i = 0; i < Callers; i++)
        {
            try
            {
                callers.Add(await CallAsync(i % 2 == 0 ? "127.0.0.1" : "localhost")); // to look up a name takes threads
            }
            catch (SocketException)
            {
                // The one that is refused when accepting pauses.
            }
        }

        await gateway.WaitForLogAsync("accepting pauses");
        await before.ExpectEchoAsync(1000);
        Assert.InRange(gateway.OpenDescriptors, most - Left, most + (Reserve / 2));

        callers.ForEach(caller => caller.Dispose());
        while (!await IsServedAsync())
        {
            // Until the deadline: accepting may pause for a second, and who comes too early is refused.
        }

        await before.ExpectEchoAsync(1000);
        Assert.Equal(0, await gateway.TerminateAsync());

        async Task<TcpCall> CallAsync(string host)
        {
            TcpCall call = await TcpCall.ConnectAsync(gateway.Proxy, Deadline);
            try
            {
                await call.SendAsync($"CONNECT {host}:{echo.EndPoint.Port} HTTP/1.1\r\nHost: {host}\r\n\r\n");
                return call;
            }
            catch
            {
                call.Dispose();
                throw;
            }
        }

        async Task<bool> IsServedAsync()
        {
            try
            {
                using TcpCall call = await CallAsync("localhost");
                call.EndSending();
                return Encoding.ASCII.GetString(await call.ReadRestAsync()).StartsWith("HTTP/1.1 200", StringComparison.Ordinal);
            }
            catch (SocketException)
            {
                return false;
            }
        }
    }

    [RequiresToolTheory("bash")]
    [InlineData(300)]
    public async Task A_limit_that_is_too_low_is_told_at_the_start(int limit)
    {
        ToolResult result = await ExternalTool.RunAsync(
            "bash",
            ["-c", $"ulimit -n {limit} && exec \"$0\" \"$@\"", GatewayProgram.File, .. GatewayProgram.Arguments(["run", "--Proxy:Listen=127.0.0.1:0"])],
            environment: GatewayProgram.Environment());

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"the limit of open files is {limit}", result.Text, StringComparison.Ordinal);
        Assert.Contains("LimitNOFILE", result.Text, StringComparison.Ordinal);
    }
}
