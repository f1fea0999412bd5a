using System.Net;
using System.Net.Sockets;
using IgsNetty.Endpoints.Names;
using IgsNetty.Endpoints.Tcp;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Targets;
using IgsNetty.TestKit.Channels;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Tcp;

/// <summary>Which addresses are dialled, and what the caller is told when none answers.</summary>
public sealed class TargetConnectorTests : ConnectorTest
{
    [Fact]
    public async Task An_address_is_dialled_as_it_is()
    {
        EmbeddedStreamSocket socket = NewSocket();
        FakeTransport transport = new() { Answer = attempt => attempt.Succeed(socket) };
        ConnectResult result = await Connect(Connector(transport), "10.1.2.3");
        Assert.Same(socket, result.Socket);
        ConnectAttempt attempt = Assert.Single(transport.Attempts);
        Assert.Equal("10.1.2.3:80", attempt.Address.ToString());
        Assert.Same(Loop, attempt.Loop);
        Assert.Empty(Log.Entries);
    }

    [Theory]
    [InlineData("fd00::1 10.0.0.1 fd00::2", "[fd00::1]:80 10.0.0.1:80 [fd00::2]:80")]
    [InlineData("10.0.0.1 10.0.0.2", "10.0.0.1:80 10.0.0.2:80")]
    [InlineData("fd00::1", "[fd00::1]:80")]
    [InlineData("10.0.0.1 ::ffff:10.0.0.1 10.0.0.1", "10.0.0.1:80")]
    public async Task All_addresses_are_tried_in_their_order(string resolved, string dialled)
    {
        FakeTransport transport = new() { Answer = attempt => attempt.Fail(SocketError.ConnectionRefused) };
        ConnectResult result = await Connect(Connector(transport, null, resolved.Split(' ')));
        Assert.Null(result.Socket);
        Assert.Equal(ResetReason.ConnectionRefused, result.Reason);
        Assert.Equal(dialled.Split(' '), Dialled(transport));
    }

    [Fact]
    public async Task The_first_that_answers_is_the_last_that_is_tried()
    {
        EmbeddedStreamSocket socket = NewSocket();
        FakeTransport transport = new()
        {
            Answer = attempt =>
            {
                if (attempt.Address.Address.Equals(IPAddress.Parse("10.0.0.2")))
                {
                    attempt.Succeed(socket);
                }
                else
                {
                    attempt.Fail(SocketError.HostUnreachable);
                }
            },
        };
        ConnectResult result = await Connect(Connector(transport, null, "10.0.0.1", "10.0.0.2", "10.0.0.3"));
        Assert.Same(socket, result.Socket);
        Assert.Equal(["10.0.0.1:80", "10.0.0.2:80"], Dialled(transport));
    }

    [Fact]
    public async Task Eight_addresses_are_tried_at_most_and_all_are_counted()
    {
        FakeTransport transport = new() { Answer = attempt => attempt.Fail(SocketError.ConnectionRefused) };
        string[] addresses = [.. Enumerable.Range(1, 30).Select(i => $"10.0.0.{i}")];
        ConnectResult result = await Connect(Connector(transport, null, addresses));
        Assert.Equal(8, transport.Attempts.Count);
        Assert.Equal(8, result.Attempts);
        Assert.Equal(1, (await Connect(Connector(transport), "10.1.2.3")).Attempts);
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.1:80")]
    [InlineData("fd00::/8", "[fd00::1]:80")]
    [InlineData("*.example", "10.0.0.1:80 192.168.0.1:80 [fd00::1]:80")]
    [InlineData("db.example", "10.0.0.1:80 192.168.0.1:80 [fd00::1]:80")]
    public async Task Every_address_is_checked_and_only_the_allowed_are_dialled(string destination, string dialled)
    {
        FakeTransport transport = new() { Answer = attempt => attempt.Fail(SocketError.ConnectionRefused) };
        TargetConnector connector = Connector(transport, Only("local", destination), "10.0.0.1", "192.168.0.1", "fd00::1");
        await Connect(connector);
        Assert.Equal(dialled.Split(' '), Dialled(transport));
    }

    [Theory]
    [InlineData("local", "172.16.0.0/12", "1-65535")]
    [InlineData("local", "10.0.0.0/8", "81")]
    [InlineData("local", "other.example", "1-65535")]
    [InlineData("site-b", "10.0.0.0/8", "1-65535")]
    [InlineData("user:eve", "10.0.0.0/8", "1-65535")]
    public async Task What_is_not_allowed_is_not_dialled(string from, string destination, string ports)
    {
        FakeTransport transport = new();
        ConnectResult result = await Connect(Connector(transport, Only(from, destination, ports), "10.0.0.1", "10.0.0.2"));
        Assert.Equal(ResetReason.NotAllowed, result.Reason);
        Assert.Empty(transport.Attempts);
        Assert.Single(Log.Entries, entry => entry.Id.Id == 3101);
    }

    [Fact]
    public async Task A_name_that_nobody_knows()
    {
        FakeTransport transport = new();
        Assert.Equal(ResetReason.NameNotFound, (await Connect(Connector(transport))).Reason);
        TargetConnector failing = Connector(transport, null, (_, _) => Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound)));
        Assert.Equal(ResetReason.NameNotFound, (await Connect(failing)).Reason);
        Assert.Empty(transport.Attempts);
    }

    [Theory]
    [InlineData(ResolverKind.Dns)]
    [InlineData(ResolverKind.System)]
    public async Task The_systems_own_names(ResolverKind kind)
    {
        FakeTransport transport = new() { Answer = attempt => attempt.Fail(SocketError.ConnectionRefused) };
        TargetConnector connector = Connector(transport, null, SystemResolver.Create(kind));
        Assert.Equal(ResetReason.ConnectionRefused, (await Connect(connector, "localhost")).Reason);
        Assert.NotEmpty(transport.Attempts);
        Assert.All(transport.Attempts, attempt => Assert.True(IPAddress.IsLoopback(attempt.Address.Address)));
    }

    [Theory]
    [InlineData(SocketError.ConnectionRefused, ResetReason.ConnectionRefused)]
    [InlineData(SocketError.TimedOut, ResetReason.ConnectTimeout)]
    [InlineData(SocketError.NetworkUnreachable, ResetReason.NetworkUnreachable)]
    [InlineData(SocketError.NetworkDown, ResetReason.NetworkUnreachable)]
    [InlineData(SocketError.AddressFamilyNotSupported, ResetReason.NetworkUnreachable)]
    [InlineData(SocketError.HostUnreachable, ResetReason.HostUnreachable)]
    [InlineData(SocketError.HostDown, ResetReason.HostUnreachable)]
    [InlineData(SocketError.AccessDenied, ResetReason.HostUnreachable)]
    [InlineData(SocketError.TooManyOpenSockets, ResetReason.LimitExceeded)]
    [InlineData(SocketError.NoBufferSpaceAvailable, ResetReason.LimitExceeded)]
    public async Task What_the_system_says_is_passed_on(SocketError error, ResetReason reason)
    {
        FakeTransport transport = new() { Answer = attempt => attempt.Fail(error) };
        Assert.Equal(reason, (await Connect(Connector(transport), "10.1.2.3")).Reason);
        Assert.Single(Log.Entries, entry => entry.Id.Id == 3102);
    }

    [Theory]
    [InlineData(SocketError.ConnectionRefused, SocketError.TimedOut, ResetReason.ConnectionRefused)]
    [InlineData(SocketError.TimedOut, SocketError.HostUnreachable, ResetReason.ConnectTimeout)]
    [InlineData(SocketError.HostUnreachable, SocketError.NetworkUnreachable, ResetReason.HostUnreachable)]
    [InlineData(SocketError.ConnectionRefused, SocketError.NetworkUnreachable, ResetReason.ConnectionRefused)]
    public async Task Of_several_failures_the_most_telling_is_told(SocketError more, SocketError less, ResetReason reason)
    {
        foreach (SocketError[] errors in new SocketError[][] { [more, less], [less, more], [less, more, less] })
        {
            Queue<SocketError> answers = new(errors);
            FakeTransport transport = new() { Answer = attempt => attempt.Fail(answers.Dequeue()) };
            string[] addresses = [.. errors.Select((_, i) => $"10.0.0.{i + 1}")];
            Assert.Equal(reason, (await Connect(Connector(transport, null, addresses))).Reason);
        }
    }

    [Fact]
    public async Task A_connection_to_oneself_is_a_refusal()
    {
        EmbeddedStreamSocket socket = NewSocket();
        socket.BoundTo = IPEndPoint.Parse("127.0.0.1:80");
        FakeTransport transport = new() { Answer = attempt => attempt.Succeed(socket) };
        Assert.Equal(ResetReason.ConnectionRefused, (await Connect(Connector(transport), "127.0.0.1")).Reason);
        Assert.True(socket.IsAborted);
    }
}
