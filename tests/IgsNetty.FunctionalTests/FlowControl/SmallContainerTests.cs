using System.Net;
using System.Text.Json.Nodes;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.FlowControl;

/// <summary>A gateway with the memory of a small container, where readers have stopped. The default of Limits:MemoryMiB must fit.</summary>
[Collection(Alone.Name)]
public sealed class SmallContainerTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private const int Readers = 100;
    private const int Group = 128 * TestScale.MiB;

    // What the runtime takes for its heap in such a group, in hexadecimal: three quarters.
    private const string HeapLimit = "6000000";

    [RequiresMemoryGroupTheory]
    [InlineData(Group)]
    public async Task Stopped_readers_cost_themselves_and_no_link(int bytes)
    {
        MemoryGroup group = Own(MemoryGroup.TryCreate(bytes)!);
        await StopReadersAsync(group.Launch, []);
    }

    [Fact]
    public Task Stopped_readers_cost_themselves_and_no_link_where_only_the_heap_is_limited() =>
        StopReadersAsync(Launch.Plain, new() { ["DOTNET_GCHeapHardLimit"] = HeapLimit });

    private async Task StopReadersAsync(Launch launch, Dictionary<string, string> environment)
    {
        TcpTarget<StreamEnd> endless = Own(Serving.Endless());
        TcpTarget<long> echo = Own(Serving.Echo());
        RelayPlan plan = new(RelayMode.TwoGateways) { Connections = 1 };
        GatewayProcess called = Own(await GatewayProcess.StartAsync(GatewayConfig.CalledName, GatewayConfig.Called(plan), Temp));
        JsonObject config = GatewayConfig.Calling(plan, called.Link);
        string file = Temp.Write("calling.json", config.ToJsonString());
        GatewayProcess calling = Own(await GatewayProcess.StartAsync(
            GatewayConfig.CallingName, launch, ["--config", file], environment));

        List<TcpCall> stopped = [];
        for (int i = 0; i < Readers; i++)
        {
            stopped.Add(await CallAsync(calling, endless.EndPoint, receiveBuffer: 4096));
        }

        using TcpCall honest = await CallAsync(calling, echo.EndPoint);
        for (int i = 0; i < 5; i++)
        {
            await honest.ExpectEchoAsync(100_000);
        }

        stopped.ForEach(call => call.Dispose());
        Assert.False(calling.HasExited);
        string log = calling.Log + called.Log;
        Assert.DoesNotContain("OutOfMemoryException", log, StringComparison.Ordinal);
        Assert.DoesNotContain("[2002]", log, StringComparison.Ordinal);
        Assert.Contains("Memory for slow readers: 16 MiB", log, StringComparison.Ordinal);
    }

    private async Task<TcpCall> CallAsync(GatewayProcess gateway, IPEndPoint target, int receiveBuffer = 0)
    {
        TcpCall call = await TcpCall.ConnectAsync(gateway.Proxy, Deadline, receiveBuffer);
        await Socks5.OpenAsync(call, target);
        return call;
    }
}
