using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Program;

/// <summary>A system that makes no IPv6 sockets, brought about by a seccomp filter.</summary>
public sealed class NoIPv6Tests(ITestOutputHelper output) : FunctionalTest(output)
{
    [RequiresToolTheory("python3")]
    [InlineData("*:0")]
    [InlineData("[::]:0")]
    public async Task Listeners_on_all_addresses_take_those_of_IPv4(string listen)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        UdpTarget udp = Own(UdpTarget.Echo());
        JsonObject config = GatewayConfig.Single(new RelayPlan(RelayMode.OneGateway) { Forwards = [echo.EndPoint], UdpForwards = [udp.EndPoint] });
        foreach (JsonNode? forward in config["Forwards"]!.AsArray())
        {
            forward!["Listen"] = listen;
        }

        config["Proxy"]!["Listen"] = listen;
        config["Proxy"]!["Users"] = new JsonObject { ["alice"] = "secret" };
        config["Links"] = new JsonObject
        {
            ["Listen"] = new JsonArray(listen),
            ["Security"] = new JsonObject { ["Mode"] = "shared-key", ["Key"] = Temp.Write("link.key", "0123456789abcdef") },
        };
        string file = Temp.Write("single.json", config.ToJsonString());

        GatewayProcess gateway = Own(await GatewayProcess.StartAsync("single", WithoutIPv6(), ["--config", file]));

        IPEndPoint[] addresses = [gateway.Link, gateway.Proxy, .. gateway.Ready.Forwards];
        Assert.Equal(4, addresses.Length);
        Assert.All(addresses, address => Assert.Equal(IPAddress.Any, address.Address));
        Assert.Equal(4, gateway.Log.Split("[1012]").Length - 1);
        using TcpCall call = await TcpCall.ConnectAsync(Loopback(gateway, GatewayConfig.ForwardName(echo.EndPoint)), Deadline);
        await call.ExpectEchoAsync(1000);
        using ForwardCaller caller = new(new UdpPort(Deadline), Loopback(gateway, GatewayConfig.UdpForwardName(udp.EndPoint)));
        await caller.ExpectEchoAsync(100);
    }

    [RequiresToolTheory("python3")]
    [InlineData("[::1]:0")]
    public async Task A_listener_on_an_IPv6_address_is_told_what_is_missing(string listen)
    {
        ToolResult result = await WithoutIPv6().RunAsync(["run", $"--Proxy:Listen={listen}"]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Proxy:Listen: cannot listen on [::1]:0", result.Error, StringComparison.Ordinal);
        Assert.Contains("this system has no IPv6: use an IPv4 address", result.Error, StringComparison.Ordinal);
    }

    private static Launch WithoutIPv6()
    {
        Assert.True(RuntimeInformation.OSArchitecture is Architecture.X64 or Architecture.Arm64, "the filter knows x64 and arm64");
        return new Launch([ToolFinder.Find("python3")!, Path.Combine(AppContext.BaseDirectory, "no-ipv6.py")]);
    }

    private static IPEndPoint Loopback(GatewayProcess gateway, string forward) => new(IPAddress.Loopback, gateway.Ready[$"forward.{forward}"].Port);
}
