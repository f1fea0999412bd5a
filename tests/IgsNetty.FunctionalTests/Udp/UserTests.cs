using System.Text.Json.Nodes;
using IgsNetty.FunctionalTests.Clients;
using IgsNetty.FunctionalTests.Harness;
using IgsNetty.FunctionalTests.Harness.Transports;
using Xunit;
using Xunit.Abstractions;

namespace IgsNetty.FunctionalTests.Udp;

/// <summary>Associations where the proxy port wants a name and a password.</summary>
[AboveTransports]
public sealed class UserTests(ITestOutputHelper output) : FunctionalTest(output)
{
    private const string User = "alice";
    private const string Password = "secret";

    private static readonly Socks5Login Plain = new() { User = User, Password = Password };

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task A_user_may_associate_with_and_without_options(RelayMode mode)
    {
        using UdpPort target = new(Deadline);
        Relay relay = await StartAsync(mode);

        foreach (Socks5Login login in new[] { Plain, Plain with { Options = Socks5Options.Message(Socks5Options.Timeout(20)) } })
        {
            using Socks5Udp association = await Socks5Udp.AssociateAsync(relay.Calling.Proxy, Deadline, login);
            await association.SendAsync(new byte[] { 1 }, target.EndPoint);
            Datagram request = await target.ReceiveAsync();
            await target.SendAsync(new byte[] { 2 }, request.From);
            Assert.Equal([2], (await association.ReceiveAsync()).Bytes);
        }
    }

    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task Nobody_gets_in_by_options_without_the_password(RelayMode mode)
    {
        Relay relay = await StartAsync(mode);

        using TcpCall wrong = await OfferAsync(relay, 0, 2, Socks5Options.Method);
        Assert.Equal([5, Socks5Options.Method], await wrong.ReadAsync(2));
        await wrong.SendAsync(Socks5Options.Message());
        Assert.Equal([Socks5Options.Version, 2], await wrong.ReadAsync(2));
        await wrong.SendAsync(Socks5.Login(User, "guess"));
        byte[] answer = await wrong.ReadRestAsync();
        Assert.Equal(2, answer.Length);
        Assert.NotEqual(0, answer[1]);

        using TcpCall none = await OfferAsync(relay, 0);
        Assert.Equal([5, Socks5.NoAcceptableMethod], await none.ReadRestAsync());
    }

    // A program of the same machine knows the port and is the second.
    [Theory]
    [MemberData(nameof(RelayCases.Modes), MemberType = typeof(RelayCases))]
    public async Task An_association_has_a_port_of_its_own_that_hears_one_sender(RelayMode mode)
    {
        using UdpPort target = new(Deadline);
        Relay relay = await StartAsync(mode);
        using Socks5Udp first = await Socks5Udp.AssociateAsync(relay.Calling.Proxy, new UdpPort(Deadline), Unstated, Deadline, Plain);
        using Socks5Udp second = await Socks5Udp.AssociateAsync(relay.Calling.Proxy, new UdpPort(Deadline), Unstated, Deadline, Plain);
        Assert.NotEqual(first.Relay, second.Relay);
        await first.SendAsync(new byte[] { 1 }, target.EndPoint);
        Assert.Equal([1], (await target.ReceiveAsync()).Bytes);

        using UdpPort stranger = new(Deadline);
        await stranger.SendAsync(Socks5Udp.Wrap(new byte[] { 2 }, target.EndPoint), first.Relay);
        await first.SendAsync(new byte[] { 3 }, target.EndPoint);

        Assert.Equal([3], (await target.ReceiveAsync()).Bytes);
    }

    private static byte[] Unstated { get; } = Socks5.Address(System.Net.IPAddress.Any, 0);

    private async Task<TcpCall> OfferAsync(Relay relay, params byte[] methods)
    {
        TcpCall call = await TcpCall.ConnectAsync(relay.Calling.Proxy, Deadline);
        await call.SendAsync((byte[])[5, (byte)methods.Length, .. methods]);
        return call;
    }

    // In single server mode the targets are opened for the user and for nobody else.
    private Task<Relay> StartAsync(RelayMode mode) => StartUdpRelayAsync(new RelayPlan(mode)
    {
        ChangeCalling = config =>
        {
            config["Proxy"]!["Users"] = new JsonObject { [User] = Password };
            if (mode == RelayMode.OneGateway)
            {
                config["Allow"] = new JsonArray(GatewayConfig.AllowEntry($"user:{User}", new AllowRule("127.0.0.1")));
            }
        },
    });
}
