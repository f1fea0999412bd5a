using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.HalfClose;

public sealed class HalfCloseTests(ITestOutputHelper output, SharedRelays relays)
    : FunctionalTest(output, shared: relays), IClassFixture<SharedRelays>
{
    private const long Answer = 24_000_000;
    private const long Upload = 5_000_000;

    [Theory]
    [MemberData(nameof(RelayCases.All), MemberType = typeof(RelayCases))]
    public async Task A_client_that_is_done_sending_still_gets_the_whole_answer(RelayMode mode, Entry entry)
    {
        TcpTarget<Received> server = Own(Serving.AnswerAfterEnd(Answer));
        Relay relay = await RelayForAsync(mode, entry, server.EndPoint);
        using TcpCall call = await relay.CallAsync(entry, server.EndPoint, Deadline);

        await call.SendPayloadAsync(1000);
        call.EndSending();

        Assert.Equal(Received.Whole(Answer), await call.ReceiveAllAsync());
        Assert.Equal(Received.Whole(1000), await server.NextAsync(Deadline));
    }

    [Theory]
    [MemberData(nameof(RelayCases.All), MemberType = typeof(RelayCases))]
    public async Task A_server_that_is_done_sending_still_gets_the_whole_upload(RelayMode mode, Entry entry)
    {
        TcpTarget<Received> server = Own(Serving.Source(1000));
        Relay relay = await RelayForAsync(mode, entry, server.EndPoint);
        using TcpCall call = await relay.CallAsync(entry, server.EndPoint, Deadline);

        // The client begins only when it has seen the server's end.
        Assert.Equal(Received.Whole(1000), await call.ReceiveAllAsync());
        Assert.Equal(StreamEnd.Clean, await call.SendPayloadAsync(Upload));
        call.EndSending();

        Assert.Equal(Received.Whole(Upload), await server.NextAsync(Deadline));
    }

    [Theory]
    [MemberData(nameof(RelayCases.All), MemberType = typeof(RelayCases))]
    public async Task A_client_that_sends_nothing_and_is_done_still_gets_the_answer(RelayMode mode, Entry entry)
    {
        TcpTarget<Received> server = Own(Serving.AnswerAfterEnd(1000));
        Relay relay = await RelayForAsync(mode, entry, server.EndPoint);
        using TcpCall call = await relay.CallAsync(entry, server.EndPoint, Deadline);

        call.EndSending();

        Assert.Equal(Received.Whole(1000), await call.ReceiveAllAsync());
    }

    [Theory]
    [MemberData(nameof(RelayCases.All), MemberType = typeof(RelayCases))]
    public async Task A_server_that_closes_at_once_is_a_clean_end_for_the_client(RelayMode mode, Entry entry)
    {
        TcpTarget<bool> server = Own(Serving.CloseAtOnce());
        Relay relay = await RelayForAsync(mode, entry, server.EndPoint);
        using TcpCall call = await relay.CallAsync(entry, server.EndPoint, Deadline);

        Assert.Equal(Received.Whole(0), await call.ReceiveAllAsync());
    }

    [RequiresToolTheory("socat")]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task Socat_gets_the_whole_answer_behind_its_own_end(RelayMode mode)
    {
        TcpTarget<Received> server = Own(Serving.AnswerAfterEnd(Answer));
        Relay relay = await StartRelayAsync(mode, server.EndPoint);

        ToolResult result = await ExternalTool.RunHashedAsync(
            "socat", ["-t60", "-", $"TCP:{relay.ForwardTo(server.EndPoint)}"], input: "GET everything\n");

        result.ExpectSuccess();
        Assert.Equal(ExternalTool.Hashed(Answer, Payload.Sha256(Answer)), result.Output);
        Assert.Equal("GET everything\n".Length, (await server.NextAsync(Deadline)).Bytes);
    }
}
