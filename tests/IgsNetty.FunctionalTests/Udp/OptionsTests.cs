using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Udp;

/// <summary>The private SOCKS5 method by which a client states options, as docs/protocol.md draws it.</summary>
[AboveTransports]
public sealed class OptionsTests(ITestOutputHelper output, SharedRelays shared)
    : FunctionalTest(output, shared: shared), IClassFixture<SharedRelays>
{
    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_client_may_state_that_it_awaits_no_reply(RelayMode mode)
    {
        using UdpPort target = new(Deadline);
        Relay relay = await ShareRelayAsync(mode);
        using Socks5Udp one = await AssociateAsync(relay, Socks5Options.Timeout(0));
        using Socks5Udp two = await AssociateAsync(relay, Socks5Options.Timeout(0));
        using Socks5Udp plain = await AssociateAsync(relay);

        await one.SendAsync(new byte[] { 1 }, target.EndPoint);
        await two.SendAsync(new byte[] { 1 }, target.EndPoint);
        Datagram first = await target.ReceiveAsync();
        Assert.Equal(first.From, (await target.ReceiveAsync()).From);
        await plain.SendAsync(new byte[] { 2 }, target.EndPoint);
        Datagram awaited = await target.ReceiveAsync();
        Assert.NotEqual(first.From, awaited.From);

        await target.SendAsync(new byte[] { 3 }, first.From);
        await target.SendAsync(new byte[] { 4 }, awaited.From);
        Assert.Equal([4], (await plain.ReceiveAsync()).Bytes);
        await one.Port.ExpectNothingAsync(TimeSpan.FromMilliseconds(100));
        await two.Port.ExpectNothingAsync(TimeSpan.FromMilliseconds(1));
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task Options_may_stand_before_a_connect_and_unknown_ones_above_0x80_are_skipped(RelayMode mode)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await ShareRelayAsync(mode);
        byte[][] messages = [[1, 0], [1, 2, 1, 2, 0x0e, 0x10, 2, 1, 2], [1, 2, 0x80, 3, 1, 2, 3, 0xff, 0]];
        foreach (byte[] message in messages)
        {
            using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);

            await call.SendSplitAsync(new byte[] { 5, 3, 0, 1, Socks5Options.Method });
            Assert.Equal([5, Socks5Options.Method], await call.ReadAsync(2));
            await call.SendSplitAsync(message);
            Assert.Equal([Socks5Options.Version, 0], await call.ReadAsync(2));

            byte[] request = Socks5.Request(echo.EndPoint.Address, echo.EndPoint.Port);
            Assert.Equal(Socks5.Succeeded, await Socks5.AskAsync(call, request));
            await call.ExpectEchoAsync(1000);
        }
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task What_the_gateway_does_not_know_is_refused_and_the_end(RelayMode mode)
    {
        byte[][] messages =
        [
            [2, 0], [1, 1, 99, 1, 0], [1, 1, 1, 1, 5], [1, 1, 1, 3, 0, 0, 5], [1, 1, 1, 2, 0x0e, 0x11], [1, 1, 2, 1, 3], [1, 1, 2, 0],
        ];
        Relay relay = await ShareRelayAsync(mode);
        foreach (byte[] message in messages)
        {
            using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);

            await call.SendAsync(new byte[] { 5, 2, 0, Socks5Options.Method });
            Assert.Equal([5, Socks5Options.Method], await call.ReadAsync(2));
            await call.SendAsync(message);

            byte[] answer = await call.ReadRestAsync();
            Assert.True(
                answer is [Socks5Options.Version, Socks5Options.Refused],
                $"{Convert.ToHexString(answer)} to {Convert.ToHexString(message)}");
        }
    }

    private Task<Socks5Udp> AssociateAsync(Relay relay, params byte[][] options) =>
        Socks5Udp.AssociateAsync(relay.Calling.Proxy, Deadline, new Socks5Login { Options = Socks5Options.Message(options) });
}
