using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Faults;

/// <summary>
/// A gateway dies or freezes in mid-transfer. The applications at the other one must learn it, and new calls are served. Each test
/// has a call through every entry, since all of them wait for the same loss.
/// </summary>
[AboveTransports]
public sealed class GatewayLossTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private const string Unanswered = "keep-alive checks";

    private static readonly Entry[] Entries = Enum.GetValues<Entry>();

    [Fact]
    public async Task When_the_called_side_is_killed_clients_are_reset_and_its_restart_serves_new_calls()
    {
        TcpTarget<StreamEnd> endless = Own(Serving.Endless());
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartQuickRelayAsync(endless, echo);
        TcpCall[] calls = await CallInMidTransferAsync(relay, endless);

        await relay.Called.KillAsync();
        await ExpectResetsAsync(async call => (await call.ReceiveAllAsync()).End, calls);

        await relay.StartCalledAsync();
        await ExpectEchoesAsync(relay, echo);
        Array.ForEach(calls, call => call.Dispose());
    }

    [Fact]
    public async Task When_the_calling_side_is_killed_servers_are_reset_and_its_restart_serves_new_calls()
    {
        TcpTarget<Received> sink = Own(Serving.Sink());
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartQuickRelayAsync(sink, echo);
        TcpCall[] calls = await Task.WhenAll(Entries.Select(entry => relay.CallAsync(entry, sink.EndPoint, Deadline)));
        Task<StreamEnd>[] sending = [.. calls.Select(call => call.SendPayloadAsync(long.MaxValue))];
        await Eventually.Async(() => sink.Open == calls.Length, () => "the servers are called");

        await relay.Calling.KillAsync();
        await ExpectResetsAsync(async _ => (await sink.NextAsync(Deadline)).End, calls);
        Assert.All(await Task.WhenAll(sending), end => Assert.Equal(StreamEnd.Reset, end));

        await relay.StartCallingAsync();
        await ExpectEchoesAsync(relay, echo);
        Array.ForEach(calls, call => call.Dispose());
    }

    [Fact]
    public async Task When_the_called_side_freezes_its_clients_are_reset_by_the_keep_alive()
    {
        TcpTarget<StreamEnd> endless = Own(Serving.Endless());
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartQuickRelayAsync(endless, echo);
        TcpCall[] calls = await CallInMidTransferAsync(relay, endless);

        relay.Called.Pause();
        await ExpectResetsAsync(async call => (await call.ReceiveAllAsync()).End, calls);
        await relay.Calling.WaitForProblemAsync(Unanswered);

        // Thawed, it learns that its link is gone: its servers are reset, and it takes the new link.
        relay.Called.Resume();
        await ExpectResetsAsync(_ => endless.NextAsync(Deadline), calls);
        await ExpectEchoesAsync(relay, echo);
        Array.ForEach(calls, call => call.Dispose());
    }

    [Fact]
    public async Task When_the_calling_side_freezes_its_servers_are_reset_by_the_keep_alive()
    {
        TcpTarget<Received> sink = Own(Serving.Sink());
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartQuickRelayAsync(sink, echo);
        TcpCall[] calls = await Task.WhenAll(Entries.Select(entry => relay.CallAsync(entry, sink.EndPoint, Deadline)));
        await Task.WhenAll(calls.Select(call => call.SendPayloadAsync(1000)));
        await Eventually.Async(() => sink.Open == calls.Length, () => "the servers are called");

        relay.Calling.Pause();
        await ExpectResetsAsync(async _ => (await sink.NextAsync(Deadline)).End, calls);
        await relay.Called.WaitForProblemAsync(Unanswered);

        relay.Calling.Resume();
        await ExpectResetsAsync(async call => (await call.ReceiveAllAsync()).End, calls);
        await ExpectEchoesAsync(relay, echo);
        Array.ForEach(calls, call => call.Dispose());
    }

    private static async Task ExpectResetsAsync(Func<TcpCall, Task<StreamEnd>> end, TcpCall[] calls) =>
        Assert.All(await Task.WhenAll(calls.Select(end)), one => Assert.Equal(StreamEnd.Reset, one));

    private Task<Relay> StartQuickRelayAsync<TFirst, TSecond>(TcpTarget<TFirst> first, TcpTarget<TSecond> second) =>
        StartRelayAsync(new RelayPlan(RelayMode.TwoGateways) { Forwards = [first.EndPoint, second.EndPoint], Quick = true });

    private Task<TcpCall[]> CallInMidTransferAsync(Relay relay, TcpTarget<StreamEnd> endless) => Task.WhenAll(Entries.Select(async entry =>
    {
        TcpCall call = await relay.CallAsync(entry, endless.EndPoint, Deadline);
        await call.ReadAsync(TestScale.MiB);
        return call;
    }));

    private Task ExpectEchoesAsync(Relay relay, TcpTarget<long> echo) => Task.WhenAll(Entries.Select(async entry =>
    {
        using TcpCall call = await relay.CallAsync(entry, echo.EndPoint, Deadline);
        await call.ExpectEchoAsync(1000);
    }));
}
