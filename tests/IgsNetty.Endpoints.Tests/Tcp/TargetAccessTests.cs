using System.Net.Sockets;
using IgsNetty.Endpoints.Tcp;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Routing;
using IgsNetty.Relay.Targets;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Tcp;

/// <summary>The rules on the way of TCP: what is refused is not dialled. For UDP: the same table in IgsNetty.Relay.Tests.</summary>
public sealed class TargetAccessTests : ConnectorTest
{
    [Theory]
    [MemberData(nameof(AccessCases.Rows), MemberType = typeof(AccessCases))]
    public async Task Only_what_is_allowed_is_dialled(string destination, string ports, string host, string? resolved, int port, bool isAllowed)
    {
        FakeTransport transport = new() { Answer = attempt => attempt.Fail(SocketError.ConnectionRefused) };
        TargetConnector connector = Connector(transport, Udp.AtListeners("site-b", destination, ports), resolved ?? "192.0.2.1");

        ConnectResult result = await connector.ConnectAsync(Target(host, port), new CallOrigin("site-b", null), Loop, default);

        Assert.Equal(isAllowed ? ResetReason.ConnectionRefused : ResetReason.NotAllowed, result.Reason);
        Assert.Equal(isAllowed ? 1 : 0, transport.Attempts.Count);
        Assert.Contains(Log.Entries, entry => entry.Id.Id == (isAllowed ? 3102 : 3101));
    }

    [Theory]
    [MemberData(nameof(AccessCases.Rows), MemberType = typeof(AccessCases))]
    public async Task The_entry_that_the_log_offers_lets_it(string destination, string ports, string host, string? resolved, int port, bool isAllowed)
    {
        if (isAllowed)
        {
            return;
        }

        FakeTransport transport = new() { Answer = attempt => attempt.Fail(SocketError.ConnectionRefused) };
        await Connector(transport, Udp.AtListeners("site-b", destination, ports), resolved ?? "192.0.2.1")
            .ConnectAsync(Target(host, port), new CallOrigin("site-b", null), Loop, default);
        string message = Assert.Single(Log.Entries).Message;
        string entry = message[message.IndexOf('{', StringComparison.Ordinal)..(message.LastIndexOf('}') + 1)];
        System.Text.Json.Nodes.JsonNode rule = System.Text.Json.Nodes.JsonNode.Parse(entry)!;
        Assert.Equal(("site-b", "tcp"), ((string?)rule["From"], (string?)rule["Protocol"]));

        ConnectResult result = await Connector(
                transport, Udp.AtListeners("site-b", (string)rule["Destination"]!, (string)rule["Ports"]!), resolved ?? "192.0.2.1")
            .ConnectAsync(Target(host, port), new CallOrigin("site-b", null), Loop, default);

        Assert.Equal(ResetReason.ConnectionRefused, result.Reason);
    }

    [Fact]
    public async Task A_name_that_changes_its_address_after_the_check_is_not_asked_again()
    {
        int asked = 0;
        FakeTransport transport = new() { Answer = attempt => attempt.Fail(SocketError.ConnectionRefused) };
        TargetConnector connector = Connector(
            transport,
            Only(AccessPolicy.Local, "10.0.0.0/8"),
            (_, _) => Task.FromResult(new[] { System.Net.IPAddress.Parse(asked++ == 0 ? "10.1.2.3" : "127.0.0.1") }));

        await Connect(connector);

        Assert.Equal(1, asked);
        Assert.Equal(["10.1.2.3:80"], Dialled(transport));
    }

    [Fact]
    public async Task Of_several_addresses_only_the_allowed_ones_are_dialled()
    {
        FakeTransport transport = new() { Answer = attempt => attempt.Fail(SocketError.ConnectionRefused) };
        await Connect(Connector(transport, Only(AccessPolicy.Local, "*"), "127.0.0.1", "10.1.2.3", "169.254.169.254", "::1"));
        Assert.Equal(["10.1.2.3:80"], Dialled(transport));
    }
}
