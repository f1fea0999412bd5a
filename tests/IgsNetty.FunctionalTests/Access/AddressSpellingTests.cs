using System.Net;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using IgsNetty.FunctionalTests.Targets;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Access;

/// <summary>
/// The rules allow 127.0.0.2 only; 127.0.0.1 is asked for in every spelling that some resolver or kernel takes for it. The
/// server listens on every address, so whatever gets past the rules reaches it.
/// </summary>
[AboveTransports]
public sealed class AddressSpellingTests(ITestOutputHelper output, SharedRelays shared)
    : FunctionalTest(output, shared: shared), IClassFixture<SharedRelays>
{
    private static readonly AllowRule[] OtherLoopback = [new("127.0.0.2")];

    private static readonly string[] Names =
    [
        "127.0.0.1", "127.1", "127.0.1", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "2130706433", "017700000001", "127.000.000.001",
        "localhost", "LOCALHOST", "localhost.", "127.0.0.1.", "::ffff:127.0.0.1", "::ffff:7f00:1", "[::ffff:127.0.0.1]", "0.0.0.0", "0", "::",
        "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
    ];

    private static readonly string[] Addresses =
        ["127.0.0.1", "::ffff:127.0.0.1", "::127.0.0.1", "0.0.0.0", "::", "64:ff9b::7f00:1", "2002:7f00:1::"];

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_spelling_of_a_forbidden_address_does_not_pass_as_a_SOCKS5_name(RelayMode mode)
    {
        TcpTarget<long> echo = Own(Serving.Echo(new IPEndPoint(IPAddress.Any, 0)));
        Relay relay = await StartAsync(mode);

        foreach (string name in Names)
        {
            Assert.True(await AskAsync(relay, Socks5.Request(name, echo.EndPoint.Port)) != Socks5.Succeeded, $"{name} passed");
        }

        await ExpectOnlyAllowedAsync(relay, echo);
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_spelling_of_a_forbidden_address_does_not_pass_as_a_SOCKS5_address(RelayMode mode)
    {
        TcpTarget<long> echo = Own(Serving.Echo(new IPEndPoint(IPAddress.Any, 0)));
        Relay relay = await StartAsync(mode);

        foreach (string address in Addresses)
        {
            byte[] request = Socks5.Request(IPAddress.Parse(address), echo.EndPoint.Port);
            Assert.True(await AskAsync(relay, request) != Socks5.Succeeded, $"{address} passed");
        }

        await ExpectOnlyAllowedAsync(relay, echo);
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_spelling_of_a_forbidden_address_does_not_pass_an_HTTP_tunnel(RelayMode mode)
    {
        TcpTarget<long> echo = Own(Serving.Echo(new IPEndPoint(IPAddress.Any, 0)));
        Relay relay = await StartAsync(mode);

        foreach (string name in Names.Concat(["[::]", "[::ffff:7f00:1]", "[::127.0.0.1]"]))
        {
            using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
            Assert.True(await HttpConnect.AskAsync(call, HttpConnect.Request($"{name}:{echo.EndPoint.Port}")) != 200, $"{name} passed");
        }

        await ExpectOnlyAllowedAsync(relay, echo);
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_mapped_spelling_of_an_allowed_address_passes(RelayMode mode)
    {
        TcpTarget<long> echo = Own(Serving.Echo(new IPEndPoint(IPAddress.Any, 0)));
        Relay relay = await StartAsync(mode);

        byte[] request = Socks5.Request(IPAddress.Parse("::ffff:127.0.0.2"), echo.EndPoint.Port);

        Assert.Equal(Socks5.Succeeded, await AskAsync(relay, request));
    }

    private Task<Relay> StartAsync(RelayMode mode) => ShareRelayAsync(new RelayPlan(mode) { Allow = OtherLoopback });

    private async Task<byte> AskAsync(Relay relay, byte[] request)
    {
        using TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
        await Socks5.GreetAsync(call);
        return await Socks5.AskAsync(call, request);
    }

    // Nothing was dialled, and the server could be reached all the time.
    private async Task ExpectOnlyAllowedAsync(Relay relay, TcpTarget<long> echo)
    {
        Assert.Equal(0, echo.Accepted);
        IPEndPoint allowed = new(IPAddress.Parse("127.0.0.2"), echo.EndPoint.Port);
        using TcpCall call = await relay.CallAsync(Entry.Socks5, allowed, Deadline);
        await call.ExpectEchoAsync(1000);
    }
}
