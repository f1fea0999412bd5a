using System.Net.Sockets;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>
/// States that last and need nothing done: no loop may turn and turn in them. What the kernel goes on to report (an end, a
/// reset, room for writes) is where an event loop starts to spin.
/// </summary>
public abstract class IdleTests : TransportTests
{
    private const int Sockets = 8;

    [Theory, EitherOrigin]
    public async Task Open_sockets(Origin origin)
    {
        Connection[] all = await OpenAsync(origin);
        for (int i = 0; i < all.Length; i++)
        {
            await AssertWorksAsync(all[i]);
            await all[i].SetReadingAsync(i % 2 == 0);
        }

        await Idleness.AssertAsync("open sockets");
    }

    [Theory, InlineData(Origin.Accepted, false), InlineData(Origin.Dialled, true)]
    public async Task The_peers_end(Origin origin, bool isReading)
    {
        Connection[] all = await OpenAsync(origin);
        foreach (Connection connection in all)
        {
            await connection.SetReadingAsync(isReading);
            await connection.Peer.SendAsync(new byte[100]);
            connection.Peer.End();
            await (isReading ? connection.Probe.UntilAsync(ProbeEventKind.InputShutdown) : connection.UntilPeerEndedAsync());
        }

        await Idleness.AssertAsync("ends of peers");
        Assert.All(all, connection => Assert.Equal(isReading ? 1 : 0, connection.Probe.Count(ProbeEventKind.InputShutdown)));
    }

    // Linux reports EPOLLHUP for ever now.
    [Theory, InlineData(Origin.Accepted, false), InlineData(Origin.Dialled, true)]
    public async Task Both_ends(Origin origin, bool isReading)
    {
        Connection[] all = await OpenAsync(origin);
        foreach (Connection connection in all)
        {
            await connection.SetReadingAsync(isReading);
            await connection.Loop.CallAsync(connection.Socket.ShutdownOutput);
            connection.Peer.End();
            Assert.Equal(SocketError.Success, (await connection.Peer.ReceiveAllAsync()).End);
        }

        await Idleness.AssertAsync("both ends");
        Assert.All(all, connection => Assert.True(connection.Channel.Open));
    }

    [Theory, EitherOrigin]
    public async Task A_reset_while_reading_is_off(Origin origin)
    {
        foreach (Connection connection in await OpenAsync(origin))
        {
            await connection.SetReadingAsync(true);
            await connection.SetReadingAsync(false);
            await connection.Peer.SendAsync(new byte[100]);
            await connection.ResetByPeerAsync();
        }

        await Idleness.AssertAsync("resets");
    }

    [Theory, EitherOrigin]
    public async Task A_reset_behind_the_peers_end(Origin origin)
    {
        foreach (Connection connection in await OpenAsync(origin))
        {
            await connection.SetReadingAsync(true);
            connection.Peer.End();
            await connection.Probe.UntilAsync(ProbeEventKind.InputShutdown);
            await connection.ResetByPeerAsync();
        }

        await Idleness.AssertAsync("resets behind ends");
    }

    [Theory, EitherOrigin]
    public async Task Unread_bytes_while_reading_is_off(Origin origin)
    {
        foreach (Connection connection in await OpenAsync(origin))
        {
            await AssertWorksAsync(connection);
            await connection.SetReadingAsync(false);
            for (int i = 0; i < 5; i++)
            {
                await connection.Peer.SendAsync(new byte[1000]);
            }

            await connection.UntilUnreadAsync(1);
        }

        await Idleness.AssertAsync("unread bytes");
    }

    [Theory, InlineData(Origin.Accepted, false), InlineData(Origin.Dialled, true)]
    public async Task Pending_bytes_that_nobody_reads(Origin origin, bool hasEnded)
    {
        for (int i = 0; i < 5; i++)
        {
            (Connection connection, _) = await CongestAsync(origin);
            await connection.SetReadingAsync(i % 2 == 0);
            if (hasEnded)
            {
                connection.Peer.End();
                await connection.UntilPeerEndedAsync();
            }
        }

        await Idleness.AssertAsync("pending bytes");
    }

    // What was pending has left: room for writes is nothing to wake up for.
    [Theory, EitherOrigin]
    public async Task Room_after_a_full_socket(Origin origin)
    {
        (Connection connection, byte[] sent) = await CongestAsync(origin);
        await connection.Peer.ReceiveAsync(sent.Length);
        await Idleness.AssertAsync("room for writes");
        await AssertWorksAsync(connection);
    }

    [Fact]
    public async Task Attempts_to_connect_that_get_no_answer_and_listeners_that_nobody_calls()
    {
        using SilentPort silent = await SilentPort.OpenAsync();
        using CancellationTokenSource source = new();
        Task<IStreamSocket>[] attempts = [.. Enumerable.Range(0, 5).Select(_ => Transport.ConnectAsync(silent.Address, Loop, source.Token))];
        for (int i = 0; i < 5; i++)
        {
            Listen(Loopback(), (_, _) => { });
        }

        await Idleness.AssertAsync("attempts to connect");
        await source.CancelAsync();
        foreach (Task<IStreamSocket> attempt in attempts)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => attempt.InTime());
        }

        await Idleness.AssertAsync("cancelled attempts");
    }

    [Fact]
    public async Task Closed_sockets()
    {
        foreach (Connection connection in await OpenAsync(Origin.Accepted))
        {
            await AssertWorksAsync(connection);
            await connection.CloseAsync();
            connection.Peer.Dispose();
        }

        await Idleness.AssertAsync("closed sockets");
    }

    private async Task<Connection[]> OpenAsync(Origin origin)
    {
        Connection[] all = new Connection[Sockets];
        for (int i = 0; i < Sockets; i++)
        {
            all[i] = await ConnectAsync(origin, loop: Transport.Loops[i % 2]);
        }

        return all;
    }
}
