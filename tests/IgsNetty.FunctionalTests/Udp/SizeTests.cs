using System.Buffers.Binary;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Udp;

/// <summary>A datagram arrives whole and as one, or not at all.</summary>
public sealed class SizeTests(ITestOutputHelper output) : FunctionalTest(output)
{
    [Theory]
    [MemberData(nameof(RelayCases.Udp), MemberType = typeof(RelayCases))]
    public async Task Every_size_crosses_in_both_directions(RelayMode mode, Entry entry)
    {
        UdpTarget echo = Own(UdpTarget.Echo());
        Relay relay = await StartUdpRelayAsync(mode, echo.EndPoint);
        using IUdpCaller caller = await relay.OpenUdpAsync(entry, echo.EndPoint, Deadline);

        foreach (int size in new[] { 0, 1, 1472, 1473, 9000, 16_384, 65_000, caller.LargestPayload, 0, 512 })
        {
            await caller.ExpectEchoAsync(size);
        }

        Assert.Equal(10, echo.Received);
        Assert.Single(echo.Senders);
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_reply_that_does_not_fit_behind_the_SOCKS5_header_is_dropped_and_logged_once(RelayMode mode)
    {
        UdpTarget target = Own(new UdpTarget((port, request) =>
            port.SendAsync(Payload.First(BinaryPrimitives.ReadInt32BigEndian(request.Bytes)), request.From)));
        Relay relay = await StartUdpRelayAsync(mode);
        using IUdpCaller caller = await relay.OpenUdpAsync(Entry.Socks5, target.EndPoint, Deadline);

        await AskAsync(caller, caller.LargestPayload + 1);
        await AskAsync(caller, UdpPort.LargestDatagram);
        await AskAsync(caller, caller.LargestPayload);

        Assert.Equal(caller.LargestPayload, (await caller.ReceiveAsync()).Length);
        await relay.Calling.WaitForLogAsync("65498 bytes are too much");
        Assert.Equal(2, relay.Calling.Log.Split("are too much").Length);
    }

    private static Task AskAsync(IUdpCaller caller, int replyBytes)
    {
        byte[] request = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(request, replyBytes);
        return caller.SendAsync(request);
    }
}
