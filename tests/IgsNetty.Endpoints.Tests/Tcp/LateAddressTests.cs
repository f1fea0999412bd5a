using System.Net;
using System.Net.Sockets;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Targets;
using IgsNetty.TestKit.Channels;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Tcp;

/// <summary>RFC 8305 §3: addresses of the other family that come after the first attempts are tried too.</summary>
public sealed class LateAddressTests : ConnectorTest
{
    private static readonly TimeSpan LateDelay = TimeSpan.FromMilliseconds(500);

    private readonly FakeTransport _transport = new();
    private readonly TaskCompletionSource<IReadOnlyList<IPAddress>> _late = new();

    [Fact]
    public async Task They_are_tried_when_the_first_ones_fail()
    {
        Task<ConnectResult> connecting = Connect(Connector(_transport, null, new LateNames(_late.Task, "2001:db8::1")));
        (await _transport.NextAsync()).Fail(SocketError.NetworkUnreachable);
        _late.SetResult([IPAddress.Parse("10.1.2.3")]);
        ConnectAttempt attempt = await _transport.NextAsync();
        Assert.Equal("10.1.2.3:80", attempt.Address.ToString());
        EmbeddedStreamSocket socket = NewSocket();
        attempt.Succeed(socket);
        Assert.Same(socket, (await connecting).Socket);
    }

    [Fact]
    public async Task They_are_tried_beside_one_that_hangs()
    {
        Task<ConnectResult> connecting = Connect(Connector(_transport, null, new LateNames(_late.Task, "10.1.2.3")));
        ConnectAttempt hangs = await _transport.NextAsync();
        _late.SetResult([IPAddress.Parse("2001:db8::1")]);
        await Time.TimerAsync(AttemptDelay);
        Time.Advance(AttemptDelay);
        ConnectAttempt attempt = await _transport.NextAsync();
        EmbeddedStreamSocket socket = NewSocket();
        attempt.Succeed(socket);
        Assert.Same(socket, (await connecting).Socket);
        Assert.True(hangs.IsCancelled);
    }

    [Fact]
    public async Task A_refusal_waits_half_a_second_for_them_and_not_for_the_deadline()
    {
        Task<ConnectResult> connecting = Connect(Connector(_transport, null, new LateNames(_late.Task, "10.1.2.3")));
        (await _transport.NextAsync()).Fail(SocketError.ConnectionRefused);
        await Time.TimerAsync(LateDelay);
        Time.Advance(LateDelay);
        Assert.Equal(ResetReason.ConnectionRefused, (await connecting).Reason);
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.1.2.3:80")]
    [InlineData("192.168.0.0/16", "")]
    public async Task They_are_checked_like_the_others(string allowed, string dialled)
    {
        FakeTransport transport = new() { Answer = attempt => attempt.Fail(SocketError.ConnectionRefused) };
        _late.SetResult([IPAddress.Parse("10.1.2.3"), IPAddress.Parse("127.0.0.1"), IPAddress.Parse("169.254.169.254")]);
        ConnectResult result = await Connect(Connector(transport, Only("local", allowed), new LateNames(_late.Task, "2001:db8::1")));
        Assert.Equal(dialled.Length == 0 ? ResetReason.NotAllowed : ResetReason.ConnectionRefused, result.Reason);
        Assert.Equal(dialled, string.Join(' ', Dialled(transport)));
    }

    [Fact]
    public async Task A_connection_ends_the_look_up()
    {
        LateNames names = new(_late.Task, "10.1.2.3");
        EmbeddedStreamSocket socket = NewSocket();
        Task<ConnectResult> connecting = Connect(Connector(_transport, null, names));
        (await _transport.NextAsync()).Succeed(socket);
        Assert.Same(socket, (await connecting).Socket);
        Assert.True(names.Interest.IsCancellationRequested);
    }

    private sealed class LateNames(Task<IReadOnlyList<IPAddress>> late, string first) : INameResolver
    {
        public CancellationToken Interest { get; private set; }

        public Task<NameAnswer> ResolveAsync(string host, CallOrigin origin, CancellationToken cancellation)
        {
            Interest = cancellation;
            return Task.FromResult(NameAnswer.Found([IPAddress.Parse(first)]) with { Late = late });
        }
    }
}
