using System.Text.Json.Nodes;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Program;

/// <summary>Standard error is a pipe that is full, and a peer that is down gives the loops much to log.</summary>
public sealed class UnreadLogTests(ITestOutputHelper output) : FunctionalTest(output)
{
    // More lines than the pipe and the queue of the log hold (64 KiB and 256 KiB of some 230 bytes; 2,500 lines once), and more than the pipe.
    private const int MoreThanBoth = 3200;
    private const int MoreThanPipe = 500;


    [Fact]
    public async Task A_log_that_is_not_read_holds_up_no_call_and_no_stop_and_says_what_was_dropped()
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        TcpTarget<int> peer = Own(new TcpTarget<int>((_, _) => Task.FromResult(0)));
        using UnreadPipe log = new(Temp.File("log"));
        JsonObject config = GatewayConfig.Single(new RelayPlan(RelayMode.OneGateway) { Forwards = [echo.EndPoint] });
        config["Links"] = new JsonObject
        {
            ["Dial"] = new JsonArray(Dial(peer)),
            ["Security"] = new JsonObject { ["Mode"] = "none" },
            ["Reconnect"] = new JsonObject { ["InitialSeconds"] = 0.01, ["MaximumSeconds"] = 0.01 },
        };
        string file = Temp.Write("single.json", config.ToJsonString());
        GatewayProcess gateway = Own(await GatewayProcess.StartAsync(
            "single", Launch.Shell("exec \"$@\" 2>\"$0\"", log.Path), ["--config", file]));
        using TcpCall call = await TcpCall.ConnectAsync(gateway.Ready.Forwards.Single(), Deadline);

        await FillAsync(peer, MoreThanBoth);
        await call.ExpectEchoAsync(1000);

        string read = "";
        await Eventually.Async(
            () => (read += log.Read()).Contains(" log lines were dropped", StringComparison.Ordinal), () => $"the log says what was dropped:\n{read}");

        await FillAsync(peer, MoreThanPipe);
        Assert.Equal(0, await gateway.TerminateAsync());
    }

    private static JsonObject Dial(TcpTarget<int> peer) =>
        new() { ["Peer"] = GatewayConfig.CalledName, ["Address"] = peer.EndPoint.ToString(), ["Connections"] = 64 };

    // Each dial that fails is a line.
    private static Task FillAsync(TcpTarget<int> peer, int lines)
    {
        int before = peer.Accepted;
        return Eventually.Async(() => peer.Accepted - before >= lines, () => $"{peer.Accepted - before} dials, not {lines}");
    }
}
