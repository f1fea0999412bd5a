using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Udp;

public sealed class ReplyCountTests(ITestOutputHelper output) : FunctionalTest(output)
{
    [Theory]
    [MemberData(nameof(RelayCases.Udp), MemberType = typeof(RelayCases))]
    public async Task One_request_may_have_no_reply_or_many_and_the_order_stays(RelayMode mode, Entry entry)
    {
        UdpTarget target = Own(new UdpTarget(async (port, request) =>
        {
            for (byte i = 0; i < request.Bytes[0]; i++)
            {
                await port.SendAsync(new[] { request.Bytes[0], (byte)(request.Bytes[1] + i) }, request.From);
            }
        }));
        Relay relay = await StartUdpRelayAsync(mode, target.EndPoint);
        using IUdpCaller caller = await relay.OpenUdpAsync(entry, target.EndPoint, Deadline);

        foreach (byte replies in new byte[] { 0, 1, 2, 100, 0, 1 })
        {
            await caller.SendAsync(new byte[] { replies, 0 });
            for (byte i = 0; i < replies; i++)
            {
                Assert.Equal([replies, i], await caller.ReceiveAsync());
            }
        }

        // Many requests that do not wait for each other keep their order on a path that loses nothing.
        for (int i = 0; i < 100; i++)
        {
            await caller.SendAsync(new byte[] { 1, (byte)i });
        }

        for (int i = 0; i < 100; i++)
        {
            Assert.Equal([1, (byte)i], await caller.ReceiveAsync());
        }

        await caller.ExpectNothingAsync(TimeSpan.FromMilliseconds(100));
        Assert.Single(target.Senders);
    }
}
