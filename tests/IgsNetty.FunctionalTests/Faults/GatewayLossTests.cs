using System.Diagnostics;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Faults;

/// <summary>A gateway dies or freezes in mid-transfer; the applications at the other one must learn it, and life goes on.</summary>
[AboveTransports]
public sealed class GatewayLossTests(ITestOutputHelper output) : FunctionalTest(output, seconds: 120)
{
    // On top of the keep-alive time: two loaded cores, a runtime that starts, a log that is written.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(Entry.Forward)]
    [InlineData(Entry.Socks5)]
    [InlineData(Entry.HttpConnect)]
    public async Task When_the_called_side_is_killed_clients_are_reset_and_its_restart_serves_new_calls(Entry entry)
    {
        TcpTarget<StreamEnd> endless = Own(Serving.Endless());
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartQuickRelayAsync(endless, echo);
        using TcpCall call = await CallInMidTransferAsync(relay, entry, endless);

        await relay.Called.KillAsync();
        await ExpectResetAsync(async () => (await call.ReceiveAllAsync()).End);

        await relay.StartCalledAsync();
        await ExpectEchoAsync(relay, entry, echo);
    }

    [Theory]
    [InlineData(Entry.Forward)]
    [InlineData(Entry.Socks5)]
    [InlineData(Entry.HttpConnect)]
    public async Task When_the_calling_side_is_killed_servers_are_reset_and_its_restart_serves_new_calls(Entry entry)
    {
        TcpTarget<Received> sink = Own(Serving.Sink());
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartQuickRelayAsync(sink, echo);
        using TcpCall call = await relay.CallAsync(entry, sink.EndPoint, Deadline);
        Task<StreamEnd> sending = call.SendPayloadAsync(long.MaxValue);
        await Eventually.Async(() => sink.Open == 1, TimeSpan.FromSeconds(10), () => "the server is called");

        await relay.Calling.KillAsync();
        await ExpectResetAsync(async () => (await sink.NextAsync(Deadline)).End);
        Assert.Equal(StreamEnd.Reset, await sending);

        await relay.StartCallingAsync();
        await ExpectEchoAsync(relay, entry, echo);
    }

    [Theory]
    [InlineData(Entry.Forward)]
    [InlineData(Entry.Socks5)]
    [InlineData(Entry.HttpConnect)]
    public async Task When_the_called_side_freezes_its_clients_are_reset_within_the_keep_alive_time(Entry entry)
    {
        TcpTarget<StreamEnd> endless = Own(Serving.Endless());
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartQuickRelayAsync(endless, echo);
        using TcpCall call = await CallInMidTransferAsync(relay, entry, endless);

        relay.Called.Pause();
        await ExpectResetAsync(async () => (await call.ReceiveAllAsync()).End);

        // Thawed, it learns that its link is gone: its server is reset, and it takes the new link.
        relay.Called.Resume();
        Assert.Equal(StreamEnd.Reset, await endless.NextAsync(Deadline));
        await ExpectEchoAsync(relay, entry, echo);
    }

    [Theory]
    [InlineData(Entry.Forward)]
    [InlineData(Entry.Socks5)]
    public async Task When_the_calling_side_freezes_its_servers_are_reset_within_the_keep_alive_time(Entry entry)
    {
        TcpTarget<Received> sink = Own(Serving.Sink());
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartQuickRelayAsync(sink, echo);
        using TcpCall call = await relay.CallAsync(entry, sink.EndPoint, Deadline);
        await call.SendPayloadAsync(1000);
        await Eventually.Async(() => sink.Open == 1, TimeSpan.FromSeconds(10), () => "the server is called");

        relay.Calling.Pause();
        await ExpectResetAsync(async () => (await sink.NextAsync(Deadline)).End);

        relay.Calling.Resume();
        Assert.Equal(StreamEnd.Reset, (await call.ReceiveAllAsync()).End);
        await ExpectEchoAsync(relay, entry, echo);
    }

    private static async Task ExpectResetAsync(Func<Task<StreamEnd>> end)
    {
        long started = Stopwatch.GetTimestamp();
        Assert.Equal(StreamEnd.Reset, await end());
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, GatewayConfig.QuickKeepAlive + Slack);
    }

    private Task<Relay> StartQuickRelayAsync<TFirst, TSecond>(TcpTarget<TFirst> first, TcpTarget<TSecond> second) =>
        StartRelayAsync(new RelayPlan(RelayMode.TwoGateways) { Forwards = [first.EndPoint, second.EndPoint], Quick = true });

    private async Task<TcpCall> CallInMidTransferAsync(Relay relay, Entry entry, TcpTarget<StreamEnd> endless)
    {
        TcpCall call = await relay.CallAsync(entry, endless.EndPoint, Deadline);
        await call.ReadAsync(TestScale.MiB);
        return call;
    }

    private async Task ExpectEchoAsync(Relay relay, Entry entry, TcpTarget<long> echo)
    {
        using TcpCall call = await relay.CallAsync(entry, echo.EndPoint, Deadline);
        await call.ExpectEchoAsync(1000);
    }
}
