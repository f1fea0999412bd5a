using System.Text.Json.Nodes;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Links;

[AboveTransports]
public sealed class LinkDirectionTests(ITestOutputHelper output) : FunctionalTest(output)
{
    [Fact]
    public async Task Calls_go_both_ways_over_one_link_whoever_dialled_it()
    {
        const int Calls = 50;
        TcpTarget<long> behindB = Own(Serving.Echo());
        TcpTarget<long> behindA = Own(Serving.Echo());
        Relay relay = await StartRelayAsync(new RelayPlan(RelayMode.TwoGateways)
        {
            Connections = 1,
            Forwards = [behindB.EndPoint],
            ChangeCalled = config =>
                config["Forwards"] = new JsonArray(GatewayConfig.Forward("back", behindA.EndPoint, GatewayConfig.CallingName)),
            ChangeCalling = config =>
                config["Allow"] = new JsonArray(GatewayConfig.AllowEntry(GatewayConfig.CalledName, new AllowRule("127.0.0.1"))),
        });

        TcpCall[] calls = await Task.WhenAll(
            Enumerable.Repeat(relay.ForwardTo(behindB.EndPoint), Calls)
                .Concat(Enumerable.Repeat(relay.Called.Ready["forward.back"], Calls))
                .Select(address => TcpCall.ConnectAsync(address, Deadline)));
        await Task.WhenAll(calls.Select(call => call.ExpectEchoAsync(100_000)));

        Assert.Equal(Calls, behindA.Accepted);
        Assert.Equal(Calls, behindB.Accepted);
        Assert.Equal(1, KernelSockets.ConnectionsOf(relay.Called.Link));
        Array.ForEach(calls, call => call.Dispose());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task As_many_links_are_kept_as_the_configuration_says(int connections)
    {
        Relay relay = await StartRelayAsync(new RelayPlan(RelayMode.TwoGateways) { Connections = connections });

        await Eventually.Async(
            () => KernelSockets.ConnectionsOf(relay.Called.Link) == connections,
            () => $"{connections} links; there are {KernelSockets.ConnectionsOf(relay.Called.Link)}");
    }

    [Fact]
    public async Task A_call_made_while_there_is_no_link_waits_for_it()
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartRelayAsync(
            new RelayPlan(RelayMode.TwoGateways) { Forwards = [echo.EndPoint], Connections = 1, Quick = true });
        await relay.WaitForLinksAsync();
        await relay.Called.KillAsync();
        await relay.Calling.WaitForLogAsync("is lost"); // else the call may get the link that is about to be lost
        using TcpCall call = await TcpCall.ConnectAsync(relay.ForwardTo(echo.EndPoint), Deadline);
        Task echoed = call.ExpectEchoAsync(1000);

        await relay.StartCalledAsync();

        await echoed;
    }
}
