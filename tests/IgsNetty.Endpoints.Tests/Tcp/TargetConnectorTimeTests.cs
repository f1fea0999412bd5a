using System.Net;
using System.Net.Sockets;
using IgsNetty.Endpoints.Tcp;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Targets;
using IgsNetty.TestKit.Channels;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Tcp;

/// <summary>RFC 8305: an address that does not answer delays the next one by 250 ms only; all share one deadline.</summary>
public sealed class TargetConnectorTimeTests : ConnectorTest
{
    private readonly FakeTransport _transport = new();

    [Fact]
    public async Task While_one_hangs_the_next_is_tried_beside_it()
    {
        Task<ConnectResult> connecting = Connect(Connector(_transport, null, "10.0.0.1", "10.0.0.2"));
        ConnectAttempt hangs = await _transport.NextAsync();
        await Time.TimerAsync(AttemptDelay);
        Assert.Single(_transport.Attempts);
        Time.Advance(AttemptDelay);
        ConnectAttempt answers = await _transport.NextAsync();
        Assert.False(hangs.IsCancelled);

        EmbeddedStreamSocket socket = NewSocket();
        answers.Succeed(socket);
        Assert.Same(socket, (await connecting).Socket);
        Assert.True(hangs.IsCancelled);
    }

    [Fact]
    public async Task The_first_may_still_win()
    {
        Task<ConnectResult> connecting = Connect(Connector(_transport, null, "10.0.0.1", "10.0.0.2"));
        ConnectAttempt first = await _transport.NextAsync();
        await Time.TimerAsync(AttemptDelay);
        Time.Advance(AttemptDelay);
        ConnectAttempt second = await _transport.NextAsync();
        EmbeddedStreamSocket socket = NewSocket();
        first.Succeed(socket);
        Assert.Same(socket, (await connecting).Socket);
        Assert.True(second.IsCancelled);
    }

    [Fact]
    public async Task A_refusal_does_not_wait_for_the_delay()
    {
        Task<ConnectResult> connecting = Connect(Connector(_transport, null, "10.0.0.1", "10.0.0.2"));
        (await _transport.NextAsync()).Fail(SocketError.ConnectionRefused);
        EmbeddedStreamSocket socket = NewSocket();
        (await _transport.NextAsync()).Succeed(socket);
        Assert.Same(socket, (await connecting).Socket);
    }

    [Fact]
    public async Task At_the_deadline_everything_is_given_up()
    {
        Task<ConnectResult> connecting = Connect(Connector(_transport, null, "10.0.0.1", "10.0.0.2"));
        ConnectAttempt first = await _transport.NextAsync();
        await Time.TimerAsync(AttemptDelay);
        Time.Advance(AttemptDelay);
        ConnectAttempt second = await _transport.NextAsync();
        Time.Advance(Deadline - AttemptDelay - TimeSpan.FromTicks(1));
        Assert.False(connecting.IsCompleted);
        Time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(ResetReason.ConnectTimeout, (await connecting).Reason);
        Assert.True(first.IsCancelled && second.IsCancelled);
    }

    [Fact]
    public async Task A_refusal_says_more_than_the_deadline()
    {
        Task<ConnectResult> connecting = Connect(Connector(_transport, null, "10.0.0.1", "10.0.0.2"));
        (await _transport.NextAsync()).Fail(SocketError.ConnectionRefused);
        await _transport.NextAsync();
        Time.Advance(Deadline);
        Assert.Equal(ResetReason.ConnectionRefused, (await connecting).Reason);
    }

    [Fact]
    public async Task The_deadline_holds_for_the_resolver_too()
    {
        TaskCompletionSource<IPAddress[]> answer = new();
        TargetConnector connector = Connector(_transport, null, (_, _) => answer.Task);
        Task<ConnectResult> connecting = Connect(connector);
        Time.Advance(Deadline);
        Assert.Equal(ResetReason.ConnectTimeout, (await connecting).Reason);
        Assert.Empty(_transport.Attempts);
    }

    [Fact]
    public async Task Who_gives_up_is_told_so()
    {
        using CancellationTokenSource giveUp = new();
        Task<ConnectResult> connecting = Connect(Connector(_transport, null, "10.0.0.1", "10.0.0.2"), cancellation: giveUp.Token);
        (await _transport.NextAsync()).Fail(SocketError.ConnectionRefused);
        ConnectAttempt second = await _transport.NextAsync();
        await giveUp.CancelAsync();
        Assert.Equal(ResetReason.Cancelled, (await connecting).Reason);
        Assert.True(second.IsCancelled);
    }

    [Fact]
    public async Task Given_up_before_it_begins()
    {
        Assert.Equal(ResetReason.Cancelled, (await Connect(Connector(_transport), "10.0.0.1", new CancellationToken(canceled: true))).Reason);
    }

    [Fact]
    public async Task Two_that_answer_at_once_leave_no_socket_behind()
    {
        EmbeddedStreamSocket[] sockets = [NewSocket(), NewSocket()];
        List<ConnectAttempt> attempts = [];
        FakeTransport transport = new()
        {
            Answer = attempt =>
            {
                attempts.Add(attempt);
                for (int i = 0; attempts.Count == 2 && i < 2; i++)
                {
                    attempts[i].Succeed(sockets[i]);
                }
            },
        };
        Task<ConnectResult> connecting = Connect(Connector(transport, null, "10.0.0.1", "10.0.0.2"));
        await Time.TimerAsync(AttemptDelay);
        Time.Advance(AttemptDelay);
        ConnectResult result = await connecting;
        EmbeddedStreamSocket loser = Assert.Single(sockets, socket => socket != result.Socket);
        await loser.CloseCompletion;
        Assert.True(loser.IsAborted);
        Assert.True(result.Socket!.Channel.Active);
    }
}
