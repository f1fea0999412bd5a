using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Program;

public sealed class SignalTests(ITestOutputHelper output) : FunctionalTest(output)
{
    [Fact]
    public async Task Signals_that_mean_nothing_are_logged_and_end_no_call()
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartRelayAsync(RelayMode.OneGateway, echo.EndPoint);
        using TcpCall call = await relay.CallAsync(Entry.Forward, echo.EndPoint, Deadline);
        await call.ExpectEchoAsync(1000);

        foreach ((int signal, string name) in new[]
            { (ProcessSignal.HangUp, "SIGHUP"), (ProcessSignal.User1, "SIGUSR1"), (ProcessSignal.User2, "SIGUSR2") })
        {
            relay.Calling.Signal(signal);
            await relay.Calling.WaitForLogAsync($"{name}:");
        }

        await call.ExpectEchoAsync(1000);
    }

    [Fact]
    public async Task However_many_termination_signals_come_it_ends_with_0()
    {
        GatewayProcess gateway = Own(await GatewayProcess.StartAsync("default", ["--Proxy:Listen=127.0.0.1:0"]));

        Task<int> end = gateway.WaitForExitAsync();
        while (!end.IsCompleted)
        {
            gateway.Signal(ProcessSignal.Terminate);
            await Task.Yield();
        }

        Assert.Equal(0, await end);
    }

    [Fact]
    public async Task One_termination_signal_and_those_that_come_when_it_has_stopped_end_it_with_0()
    {
        GatewayProcess gateway = Own(await GatewayProcess.StartAsync("default", ["--Proxy:Listen=127.0.0.1:0"]));

        Task<int> end = gateway.WaitForExitAsync();
        gateway.Signal(ProcessSignal.Terminate);
        await gateway.WaitForLogAsync("SIGTERM: stopping");
        while (!end.IsCompleted)
        {
            gateway.Signal(ProcessSignal.HangUp);
            await Task.Yield();
        }

        Assert.Equal(0, await end);
    }
}
