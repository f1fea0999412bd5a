using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Bulk;

public sealed class ParallelTransferTests(ITestOutputHelper output, SharedRelays relays)
    : FunctionalTest(output, shared: relays), IClassFixture<SharedRelays>
{
    [Theory]
    [MemberData(nameof(RelayCases.Some), MemberType = typeof(RelayCases))]
    public async Task Two_hundred_downloads_at_once_are_exact(RelayMode mode, Entry entry)
    {
        TcpTarget<Received> server = Own(Serving.Source(TestScale.ManyBytes));
        Relay relay = await RelayForAsync(mode, entry, server.EndPoint);

        Received[] all = await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
        {
            using TcpCall call = await relay.CallAsync(entry, server.EndPoint, Deadline);
            return await call.ReceiveAllAsync();
        }));

        Assert.All(all, received => Assert.Equal(Received.Whole(TestScale.ManyBytes), received));
    }

    [Theory]
    [MemberData(nameof(RelayCases.Some), MemberType = typeof(RelayCases))]
    public async Task Sixteen_calls_send_and_receive_at_the_same_time(RelayMode mode, Entry entry)
    {
        const long Length = 2 * TestScale.MiB + 1;
        TcpTarget<long> server = Own(Serving.Echo());
        Relay relay = await RelayForAsync(mode, entry, server.EndPoint);

        Received[] all = await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            using TcpCall call = await relay.CallAsync(entry, server.EndPoint, Deadline);
            Task<Received> back = call.ReceiveAllAsync();
            Assert.Equal(StreamEnd.Clean, await call.SendPayloadAsync(Length));
            call.EndSending();
            return await back;
        }));

        Assert.All(all, received => Assert.Equal(Received.Whole(Length), received));
    }
}
