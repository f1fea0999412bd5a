using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.HalfClose;

public sealed class ResetTests(ITestOutputHelper output, SharedRelays relays)
    : FunctionalTest(output, shared: relays), IClassFixture<SharedRelays>
{
    [Theory]
    [MemberData(nameof(RelayCases.All), MemberType = typeof(RelayCases))]
    public async Task A_reset_by_the_client_is_a_reset_for_the_server(RelayMode mode, Entry entry)
    {
        TcpTarget<Received> server = Own(Serving.Sink());
        Relay relay = await RelayForAsync(mode, entry, server.EndPoint);
        TcpCall call = await relay.CallAsync(entry, server.EndPoint, Deadline);
        await call.SendPayloadAsync(1000);
        await Eventually.Async(() => server.Accepted == 1, () => "the server is called");

        call.Reset();

        Assert.Equal(StreamEnd.Reset, (await server.NextAsync(Deadline)).End);
    }

    [Theory]
    [MemberData(nameof(RelayCases.All), MemberType = typeof(RelayCases))]
    public async Task A_reset_by_the_server_is_a_reset_for_the_client(RelayMode mode, Entry entry)
    {
        TcpTarget<bool> server = Own(Serving.ResetAfterByte());
        Relay relay = await RelayForAsync(mode, entry, server.EndPoint);
        using TcpCall call = await relay.CallAsync(entry, server.EndPoint, Deadline);

        await call.SendAsync("x");

        Assert.Equal(StreamEnd.Reset, (await call.ReceiveAllAsync()).End);
    }

    [Theory]
    [MemberData(nameof(RelayCases.All), MemberType = typeof(RelayCases))]
    public async Task A_reset_by_the_client_stops_a_server_that_only_sends(RelayMode mode, Entry entry)
    {
        TcpTarget<StreamEnd> server = Own(Serving.Endless());
        Relay relay = await RelayForAsync(mode, entry, server.EndPoint);
        TcpCall call = await relay.CallAsync(entry, server.EndPoint, Deadline);
        await call.ReadAsync(1000);

        call.Reset();

        Assert.Equal(StreamEnd.Reset, await server.NextAsync(Deadline));
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_refused_target_resets_the_caller_of_a_forward(RelayMode mode)
    {
        RefusingPort port = Own(new RefusingPort());
        Relay relay = await StartRelayAsync(mode, port.EndPoint);
        using TcpCall call = await relay.CallAsync(Entry.Forward, port.EndPoint, Deadline);

        Assert.Equal(StreamEnd.Reset, (await call.ReceiveAllAsync()).End);
    }
}
