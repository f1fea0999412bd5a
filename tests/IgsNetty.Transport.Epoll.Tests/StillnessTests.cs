using IgsNetty.Transport.Tests.Conformance;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Epoll.Tests;

/// <summary>A loop that has nothing to do does nothing, whatever state its sockets are in.</summary>
public sealed class StillnessTests : TransportTests
{
    /// <summary>What a look of the test itself costs: it runs as a task on the loop.</summary>
    private const int TurnsOfALook = 3;

    [Theory, EitherOrigin]
    public Task Open_sockets_cost_no_turns(Origin origin) => AssertStillAsync(origin, _ => Task.CompletedTask);

    [Theory, EitherOrigin]
    public Task Unread_bytes_cost_no_turns_while_reading_is_off(Origin origin) =>
        AssertStillAsync(origin, connection => connection.Peer.SendAsync(new byte[1000]), isReading: false);

    [Theory, EitherOrigin]
    public Task The_peers_end_costs_no_turns_while_reading_is_off(Origin origin) => AssertStillAsync(
        origin,
        async connection =>
        {
            await connection.Peer.SendAsync(new byte[1000]);
            connection.Peer.End();
        },
        isReading: false);

    [Theory, EitherOrigin]
    public Task The_peers_reset_costs_no_turns_while_reading_is_off(Origin origin) => AssertStillAsync(
        origin,
        connection =>
        {
            connection.Peer.Reset();
            return Task.CompletedTask;
        },
        isReading: false);

    [Theory, EitherOrigin]
    public Task Both_ends_cost_no_turns(Origin origin) => AssertStillAsync(origin, async connection =>
    {
        await connection.Loop.CallAsync(connection.Socket.ShutdownOutput);
        connection.Peer.End();
        await connection.Probe.UntilAsync(ProbeEventKind.InputShutdown);
    });

    [Theory, EitherOrigin]
    public async Task A_full_socket_costs_no_turns(Origin origin)
    {
        (Connection connection, _) = await CongestAsync(origin);
        await AssertStillAsync(connection);
    }

    [Fact]
    public async Task A_listener_without_callers_costs_no_turns()
    {
        Listen(Loopback(), (_, _) => { });
        await AssertStillAsync(await DialAsync());
    }

    [Fact]
    public async Task A_reset_after_the_peers_end_is_told_with_nothing_to_write()
    {
        Connection connection = await DialAsync();
        await connection.SetReadingAsync(true);
        connection.Peer.End();
        await connection.Probe.UntilAsync(ProbeEventKind.InputShutdown);
        connection.Peer.Reset();
        await connection.Probe.UntilAsync(ProbeEventKind.Inactive);
        Assert.Equal(1, connection.Probe.Count(ProbeEventKind.Exception));
    }

    [Fact]
    public async Task A_timer_costs_a_turn_or_two()
    {
        EpollEventLoop loop = (EpollEventLoop)Loop;
        long before = await Loop.CallAsync(() => loop.Turns);
        await loop.ScheduleAsync(() => { }, TimeSpan.FromMilliseconds(300)).InTime();
        Assert.InRange(await Loop.CallAsync(() => loop.Turns) - before, 1, 3 + TurnsOfALook);
    }

    protected override ITransport CreateTransport(TransportSetup setup) =>
        new EpollTransport(setup.Loops, setup.Allocator, setup.ReceiveBuffers, EpollEventLoop.DefaultBusyPoll, setup.Logger);

    private async Task AssertStillAsync(Origin origin, Func<Connection, Task> prepare, bool isReading = true)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.SetReadingAsync(isReading);
        await prepare(connection);
        await AssertStillAsync(connection);
    }

    // What the preparation brought has been told by then: bytes went to and fro on the same loop.
    private async Task AssertStillAsync(Connection connection)
    {
        await SettleAsync();
        EpollEventLoop loop = (EpollEventLoop)connection.Loop;
        long before = await loop.CallAsync(() => loop.Turns);
        await Transport.Loops[1].ScheduleAsync(() => { }, TimeSpan.FromMilliseconds(200)).InTime();
        Assert.InRange(await loop.CallAsync(() => loop.Turns) - before, 0, TurnsOfALook);
    }
}
