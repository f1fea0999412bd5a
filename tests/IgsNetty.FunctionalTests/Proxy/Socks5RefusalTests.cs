using System.Net;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Proxy;

/// <summary>What SOCKS5 says no to, and how (RFC 1928, 6).</summary>
[AboveTransports]
public sealed class Socks5RefusalTests(ITestOutputHelper output, SharedRelays shared)
    : FunctionalTest(output, shared: shared), IClassFixture<SharedRelays>
{
    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_refused_port_is_told_as_5(RelayMode mode)
    {
        RefusingPort port = Own(new RefusingPort());
        Relay relay = await ShareRelayAsync(mode);

        Assert.Equal(Socks5.Refused, await AskAsync(relay, Socks5.Request(IPAddress.Loopback, port.EndPoint.Port)));
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_name_that_does_not_exist_is_told_as_4(RelayMode mode)
    {
        // A route by name, so that the name is what fails: .invalid never exists (RFC 6761).
        Relay relay = await StartRelayAsync(new RelayPlan(mode) { Allow = [new("*")] });

        Assert.Equal(Socks5.HostUnreachable, await AskAsync(relay, Socks5.Request("no-such-host.invalid", 80)));
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_target_that_never_answers_is_told_as_6(RelayMode mode)
    {
        SilentPort port = Own(await SilentPort.OpenAsync());
        Relay relay = await StartRelayAsync(new RelayPlan(mode)
        {
            ChangeCalled = config => config["Limits"]!["ConnectSeconds"] = 1,
        });

        Assert.Equal(Socks5.TimedOut, await AskAsync(relay, Socks5.Request(IPAddress.Loopback, port.EndPoint.Port)));
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_target_that_is_not_allowed_is_told_as_2(RelayMode mode)
    {
        TcpTarget<long> echo = Own(Serving.Echo());
        Relay relay = await StartRelayAsync(new RelayPlan(mode) { Allow = [new("127.0.0.2")] });

        Assert.Equal(Socks5.NotAllowed, await AskAsync(relay, Socks5.Request(IPAddress.Loopback, echo.EndPoint.Port)));
        Assert.Equal(0, echo.Accepted);
    }

    [Theory]
    [InlineData(Socks5.Bind)]
    [InlineData(9)]
    public async Task A_command_that_is_not_served_is_told_as_7(byte command)
    {
        Relay relay = await ShareRelayAsync(RelayMode.OneGateway);

        Assert.Equal(Socks5.CommandNotSupported, await AskAsync(relay, Socks5.Request(IPAddress.Loopback, 80, command)));
    }

    [Fact]
    public async Task An_address_type_that_does_not_exist_is_told_as_8()
    {
        Relay relay = await ShareRelayAsync(RelayMode.OneGateway);

        Assert.Equal(Socks5.AddressTypeNotSupported, await AskAsync(relay, [5, 1, 0, 2, 127, 0, 0, 1, 0, 80]));
    }

    [Theory]
    [InlineData(new byte[] { 5, 2, 1, 0x80 })]
    [InlineData(new byte[] { 5, 0 })]
    public async Task A_greeting_without_an_acceptable_method_is_answered_by_255_and_the_end(byte[] greeting)
    {
        Relay relay = await ShareRelayAsync(RelayMode.OneGateway);
        using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);

        await call.SendAsync(greeting);

        Assert.Equal([5, Socks5.NoAcceptableMethod], await call.ReadRestAsync());
    }

    [Theory]
    [InlineData(new byte[] { 6, 1, 0 })]
    [InlineData(new byte[] { 0, 0, 0 })]
    [InlineData(new byte[] { 0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3 })]
    public async Task Another_protocol_is_cut_off(byte[] hello)
    {
        Relay relay = await ShareRelayAsync(RelayMode.OneGateway);
        using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);

        await call.SendAsync(hello);

        // By silence or by an HTTP 400, but never by a SOCKS5 answer.
        byte[] answer = await call.ReadRestAsync();
        Assert.True(answer.Length == 0 || answer[0] == 'H', $"the answer begins with {answer.FirstOrDefault()}");
    }

    [Theory]
    [InlineData(new byte[] { 4, 1, 0, 1, 127, 0, 0, 1, 0, 80 })]
    [InlineData(new byte[] { 5, 1, 0, 3, 0, 0, 80 })]
    [InlineData(new byte[] { 5, 1, 0, 1, 127, 0, 0, 1, 0, 0 })]
    public async Task A_broken_request_ends_the_connection_without_success(byte[] request)
    {
        Relay relay = await ShareRelayAsync(RelayMode.OneGateway);
        using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
        await Socks5.GreetAsync(call);

        await call.SendAsync(request);

        byte[] answer = await call.ReadRestAsync();
        Assert.True(answer.Length == 0 || answer[1] != Socks5.Succeeded, "it must not succeed");
    }

    private async Task<byte> AskAsync(Relay relay, byte[] request)
    {
        using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
        await Socks5.GreetAsync(call);
        byte code = await Socks5.AskAsync(call, request);

        // A reply other than success ends the connection (RFC 1928, 6).
        Assert.Empty(await call.ReadRestAsync());
        return code;
    }
}
