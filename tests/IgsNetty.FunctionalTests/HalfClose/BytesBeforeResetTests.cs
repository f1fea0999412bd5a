using System.Net.Sockets;
using System.Threading.Channels;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.HalfClose;

/// <summary>
/// What an application has sent before it resets reaches the other one, also when the gateway has something for it just then: its send
/// meets the reset before its read does. The application's gateway stands still meanwhile, so that it finds all of it at once.
/// </summary>
public sealed class BytesBeforeResetTests(ITestOutputHelper output, SharedRelays relays)
    : FunctionalTest(output, shared: relays), IClassFixture<SharedRelays>
{
    private const int Last = 50;
    private const int Times = 10;


    private readonly Channel<Socket> _served = Channel.CreateUnbounded<Socket>();

    public static TheoryData<RelayMode, Entry> Cases { get; } = new()
    {
        { RelayMode.TwoGateways, Entry.Forward },
        { RelayMode.TwoGateways, Entry.Socks5 },
        { RelayMode.OneGateway, Entry.Socks5 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_answer_of_a_server_that_closes_on_an_upload_arrives(RelayMode mode, Entry entry)
    {
        TcpTarget<bool> server = Own(Handing());
        Relay relay = await RelayForAsync(mode, entry, server.EndPoint);
        await AssertAnswerArrivesAsync(relay, entry, server);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_last_bytes_of_a_client_that_resets_arrive(RelayMode mode, Entry entry)
    {
        TcpTarget<bool> server = Own(Handing());
        Relay relay = await RelayForAsync(mode, entry, server.EndPoint);
        await AssertLastBytesArriveAsync(relay, entry, server);
    }

    [Fact]
    public async Task Over_a_TLS_link_they_arrive_both_ways()
    {
        TcpTarget<bool> server = Own(Handing());
        LinkCertificates certificates = await LinkCertificates.MakeAsync(Temp);
        Relay relay = await StartRelayAsync(certificates.Secure(new RelayPlan(RelayMode.TwoGateways)));
        await AssertAnswerArrivesAsync(relay, Entry.Socks5, server);
        await AssertLastBytesArriveAsync(relay, Entry.Socks5, server);
    }

    // As curl -T does to a server that answers 413, and without a gateway that stands still.
    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task The_answer_arrives_in_the_middle_of_a_large_upload(RelayMode mode)
    {
        TcpTarget<bool> server = Own(new TcpTarget<bool>(async (socket, stop) =>
        {
            await socket.ReceiveAsync(new byte[1], stop);
            await socket.SendAsync(Payload.First(Last), stop);
            return true;
        }));
        Relay relay = await ShareRelayAsync(mode);
        for (int i = 0; i < Times; i++)
        {
            using TcpCall call = await relay.CallAsync(Entry.Socks5, server.EndPoint, Deadline);
            Assert.Equal(StreamEnd.Reset, await call.SendPayloadAsync(30_000_000));
            Assert.Equal(Last, (await call.ReceiveAllAsync()).Bytes);
        }
    }

    private async Task AssertAnswerArrivesAsync(Relay relay, Entry entry, TcpTarget<bool> server)
    {
        for (int i = 0; i < Times; i++)
        {
            using TcpCall call = await relay.CallAsync(entry, server.EndPoint, Deadline);
            Socket served = await _served.Reader.ReadAsync(Deadline);
            await call.SendAsync("x");
            await Eventually.Async(() => served.Available == 1, () => "the server has something that it does not read");

            await WhileItStandsStillAsync(relay.Called, async () =>
            {
                await call.SendAsync(new byte[1000]);
                if (relay.Gateways.Count > 1)
                {
                    await call.UntilReadAsync(); // it is on the link
                }

                await served.SendAsync(Payload.First(Last), Deadline);
                served.Dispose(); // with a reset: it has not read everything
            });

            Assert.Equal(Received.Whole(Last) with { End = StreamEnd.Reset }, await call.ReceiveAllAsync());
        }
    }

    private async Task AssertLastBytesArriveAsync(Relay relay, Entry entry, TcpTarget<bool> server)
    {
        for (int i = 0; i < Times; i++)
        {
            using TcpCall call = await relay.CallAsync(entry, server.EndPoint, Deadline);
            using Socket served = await _served.Reader.ReadAsync(Deadline);
            await served.SendAsync(new byte[1], Deadline);
            await call.ReadAsync(1);

            await WhileItStandsStillAsync(relay.Calling, async () =>
            {
                await served.SendAsync(new byte[1000], Deadline);
                if (relay.Gateways.Count > 1)
                {
                    await KernelSockets.UntilReadAsync(served); // it is on the link
                }

                await call.SendPayloadAsync(Last);
                call.Reset();
            });

            Assert.Equal(Received.Whole(Last) with { End = StreamEnd.Reset }, await Transfer.ReceiveAsync(served, Deadline));
        }
    }

    private static async Task WhileItStandsStillAsync(GatewayProcess gateway, Func<Task> act)
    {
        gateway.Pause();
        try
        {
            await act();
        }
        finally
        {
            gateway.Resume();
        }
    }

    /// <summary>A server whose connections the test has in its hands.</summary>
    private TcpTarget<bool> Handing() => new(async (socket, stop) =>
    {
        _served.Writer.TryWrite(socket);
        await Task.Delay(Timeout.Infinite, stop);
        return true;
    });
}
