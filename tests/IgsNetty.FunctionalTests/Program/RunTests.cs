using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Program;

[AboveTransports]
public sealed class RunTests(ITestOutputHelper output) : FunctionalTest(output)
{
    [RequiresToolTheory("curl")]
    [InlineData(Entry.Socks5)]
    [InlineData(Entry.HttpConnect)]
    public async Task Without_a_configuration_it_serves_curl_at_once(Entry entry)
    {
        TcpTarget<int> server = Own(HttpFiles.Serve());
        GatewayProcess gateway = Own(await GatewayProcess.StartAsync("default", ["--Proxy:Listen=127.0.0.1:0"]));
        string url = $"http://localhost:{server.EndPoint.Port}{HttpFiles.Path(TestScale.MiB)}";

        ToolResult result = await ExternalTool.RunHashedAsync("curl", [.. Curl.Common, .. Curl.Through(entry, gateway.Proxy), url]);

        result.ExpectSuccess();
        Assert.Equal(ExternalTool.Hashed(TestScale.MiB, Payload.Sha256(TestScale.MiB)), result.Output);
    }

    [Fact]
    public async Task The_environment_overrides_a_setting()
    {
        Dictionary<string, string> environment = new() { ["IGSNETTY__Proxy__Listen"] = "127.0.0.1:0" };

        GatewayProcess gateway = Own(await GatewayProcess.StartAsync("default", [], environment));

        Assert.NotEqual(20304, gateway.Proxy.Port);
        using TcpCall call = await TcpCall.ConnectAsync(gateway.Proxy, Deadline);
        await Socks5.GreetAsync(call);
    }

    [Fact]
    public async Task The_ready_line_tells_every_listener_and_nothing_else_stands_on_standard_output()
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartRelayAsync(RelayMode.TwoGateways, echo.EndPoint);
        using TcpCall call = await relay.CallAsync(Entry.Socks5, echo.EndPoint, Deadline);
        await call.ExpectEchoAsync(1000);

        Assert.Equal(relay.Called.Ready.ToString(), relay.Called.StandardOutput);
        Assert.Equal(relay.Calling.Ready.ToString(), relay.Calling.StandardOutput);
        Assert.Equal(
            $"ready proxy={relay.Calling.Proxy} forward.{GatewayConfig.ForwardName(echo.EndPoint)}={relay.ForwardTo(echo.EndPoint)}",
            relay.Calling.StandardOutput);
        Assert.Equal($"ready link={relay.Called.Link}", relay.Called.StandardOutput);
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_termination_signal_stops_it_cleanly_with_live_calls(RelayMode mode)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        TcpTarget<StreamEnd> endless = Own(Serving.Endless());
        Relay relay = await StartRelayAsync(mode, echo.EndPoint, endless.EndPoint);
        using TcpCall idle = await relay.CallAsync(Entry.Socks5, echo.EndPoint, Deadline);
        await idle.ExpectEchoAsync(1000);
        using TcpCall busy = await relay.CallAsync(Entry.Forward, endless.EndPoint, Deadline);
        await busy.ReadAsync(TestScale.MiB);

        foreach (GatewayProcess gateway in relay.Gateways)
        {
            Assert.Equal(0, await gateway.TerminateAsync());
        }

        await busy.ReadRestAsync();
        Assert.Empty(await idle.ReadRestAsync());
    }

    [Fact]
    public async Task A_termination_signal_stops_it_cleanly_when_nothing_goes_on()
    {
        Relay relay = await StartRelayAsync(RelayMode.OneGateway);

        Assert.Equal(0, await relay.Calling.TerminateAsync());
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_and_nothing_is_started()
    {
        using Socket holder = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        holder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        holder.Listen();
        string taken = holder.LocalEndPoint!.ToString()!;

        ToolResult result = await GatewayProgram.RunAsync("run", $"--Proxy:Listen={taken}");

        Assert.NotEqual(0, result.ExitCode);
        Assert.DoesNotContain("ready", result.Output, StringComparison.Ordinal);
        Assert.Contains(taken, result.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("on", true)]
    [InlineData("off", false)]
    public async Task The_original_option_file_opens_or_closes_the_proxy_port(string value, bool open)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        string options = Temp.Write("igsopt.conf", $"igsproxyoption {value}\nigsunknown 1\n");
        JsonObject config = GatewayConfig.Single(new RelayPlan(RelayMode.OneGateway) { Forwards = [echo.EndPoint] });
        config["Proxy"]!["Enabled"] = !open;

        GatewayProcess gateway = Own(await GatewayProcess.StartAsync("single", config, Temp, "--igsopt", options));

        Assert.Equal(open, gateway.Ready.Has("proxy"));
        await gateway.WaitForProblemAsync("igsunknown");
        using TcpCall call = await TcpCall.ConnectAsync(gateway.Ready.Forwards.Single(), Deadline);
        await call.ExpectEchoAsync(1000);
    }
}
