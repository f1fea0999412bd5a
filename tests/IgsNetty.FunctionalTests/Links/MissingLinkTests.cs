using System.Text.Json.Nodes;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Links;

/// <summary>The peer cannot be reached at all.</summary>
[AboveTransports]
public sealed class MissingLinkTests(ITestOutputHelper output) : FunctionalTest(output)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_tunnel_is_answered_by_503(int waitSeconds)
    {
        GatewayProcess gateway = await StartAsync(waitSeconds);
        using TcpCall call = await TcpCall.ConnectAsync(gateway.Proxy, Deadline);

        Assert.Equal(503, await HttpConnect.AskAsync(call, HttpConnect.Request("localhost:80")));
    }

    [Fact]
    public async Task A_SOCKS5_caller_is_told_3_and_the_connection_ends()
    {
        GatewayProcess gateway = await StartAsync(waitSeconds: 1);
        using TcpCall call = await TcpCall.ConnectAsync(gateway.Proxy, Deadline);
        await Socks5.GreetAsync(call);

        Assert.Equal(Socks5.NetworkUnreachable, await Socks5.AskAsync(call, Socks5.Request("localhost", 80)));
        Assert.Empty(await call.ReadRestAsync());
    }

    [Fact]
    public async Task The_caller_of_a_forward_is_reset()
    {
        GatewayProcess gateway = await StartAsync(waitSeconds: 1);
        using TcpCall call = await TcpCall.ConnectAsync(gateway.Ready.Forwards.Single(), Deadline);

        Assert.Equal(StreamEnd.Reset, (await call.ReceiveAllAsync()).End);
    }

    private async Task<GatewayProcess> StartAsync(int waitSeconds)
    {
        RefusingPort nobody = Own(new RefusingPort());
        RelayPlan plan = new(RelayMode.TwoGateways)
        {
            Forwards = [nobody.EndPoint],
            ChangeCalling = config => config["Limits"]!["LinkWaitSeconds"] = waitSeconds,
        };
        JsonObject config = GatewayConfig.Calling(plan, nobody.EndPoint);
        return Own(await GatewayProcess.StartAsync(GatewayConfig.CallingName, config, Temp));
    }
}
