using System.Net;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Proxy;

/// <summary>SOCKS5 requests that succeed, byte by byte as RFC 1928 draws them.</summary>
[AboveTransports]
public sealed class Socks5RequestTests(ITestOutputHelper output, SharedRelays shared)
    : FunctionalTest(output, shared: shared), IClassFixture<SharedRelays>
{
    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task Every_cut_of_greeting_and_request_is_understood(RelayMode mode)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await ShareRelayAsync(mode);
        using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);

        await call.SendSplitAsync(Socks5.Greeting);
        Assert.Equal([5, 0], await call.ReadAsync(2));
        await call.SendSplitAsync(Socks5.Request("localhost", echo.EndPoint.Port));

        Assert.Equal(Socks5.Succeeded, await Socks5.ReadReplyAsync(call));
        await call.ExpectEchoAsync(1000);
    }

    // Some clients offer nothing else.
    [Fact]
    public async Task Where_there_are_no_users_any_name_and_password_will_do()
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await ShareRelayAsync(RelayMode.OneGateway);
        using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);

        await new Socks5Login { User = "anybody", Password = "anything" }.EnterAsync(call);

        Assert.Equal(Socks5.Succeeded, await Socks5.AskAsync(call, Socks5.Request(IPAddress.Loopback, echo.EndPoint.Port)));
        await call.ExpectEchoAsync(100);
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_target_may_be_an_IPv4_address(RelayMode mode)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        await ExpectEchoAsync(mode, Socks5.Request(IPAddress.Loopback, echo.EndPoint.Port));
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_target_may_be_a_host_name(RelayMode mode)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        await ExpectEchoAsync(mode, Socks5.Request("localhost", echo.EndPoint.Port));
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_target_may_be_an_address_written_as_a_name(RelayMode mode)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        await ExpectEchoAsync(mode, Socks5.Request("127.0.0.1", echo.EndPoint.Port));
    }

    [RequiresIPv6Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_target_may_be_an_IPv6_address(RelayMode mode)
    {
        TcpTarget<long> echo = Own(Serving.Echo(new IPEndPoint(IPAddress.IPv6Loopback, 0)));
        await ExpectEchoAsync(mode, Socks5.Request(IPAddress.IPv6Loopback, echo.EndPoint.Port));
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task Further_methods_in_the_greeting_do_no_harm(RelayMode mode)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await ShareRelayAsync(mode);
        using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);

        await call.SendAsync(new byte[] { 5, 4, 0x80, 1, 2, 0 });
        Assert.Equal([5, 0], await call.ReadAsync(2));

        Assert.Equal(Socks5.Succeeded, await Socks5.AskAsync(call, Socks5.Request("localhost", echo.EndPoint.Port)));
        await call.ExpectEchoAsync(1000);
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task Data_right_behind_the_request_is_not_lost(RelayMode mode)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await ShareRelayAsync(mode);
        using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
        byte[] data = Payload.First(3000).ToArray();

        await Socks5.GreetAsync(call);
        await call.SendAsync((byte[])[.. Socks5.Request("localhost", echo.EndPoint.Port), .. data]);

        Assert.Equal(Socks5.Succeeded, await Socks5.ReadReplyAsync(call));
        Assert.Equal(data, await call.ReadAsync(data.Length));
        await call.ExpectEchoAsync(1000);
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task Greeting_request_data_and_end_may_come_in_one_piece(RelayMode mode)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await ShareRelayAsync(mode);
        using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
        byte[] data = Payload.First(3000).ToArray();

        await call.SendAsync((byte[])[.. Socks5.Greeting, .. Socks5.Request("localhost", echo.EndPoint.Port), .. data]);
        call.EndSending();

        Assert.Equal([5, 0], await call.ReadAsync(2));
        Assert.Equal(Socks5.Succeeded, await Socks5.ReadReplyAsync(call));
        Assert.Equal(Received.Whole(3000), await call.ReceiveAllAsync());
    }

    private async Task ExpectEchoAsync(RelayMode mode, byte[] request)
    {
        Relay relay = await ShareRelayAsync(mode);
        using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);

        await Socks5.GreetAsync(call);

        Assert.Equal(Socks5.Succeeded, await Socks5.AskAsync(call, request));
        await call.ExpectEchoAsync(1000);
    }
}
