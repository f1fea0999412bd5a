using System.Net.Sockets;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>Closing and aborting, from every side.</summary>
public abstract class CloseTests : TransportTests
{
    [Theory, EitherOrigin]
    public async Task A_close_with_everything_read_ends_the_peers_input(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await AssertWorksAsync(connection);
        byte[] bytes = Bytes.Random(100_000);
        Assert.Equal(bytes.Length, await SendAsync(connection, bytes));
        await connection.CloseAsync();
        PeerInput input = await connection.Peer.ReceiveAllAsync();
        Assert.Equal(SocketError.Success, input.End);
        Bytes.AssertSame(bytes, input.Bytes);
    }

    [Theory, EitherOrigin]
    public async Task A_close_while_reading_is_off_ends_the_peers_input_too(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.CloseAsync();
        Assert.Equal(SocketError.Success, (await connection.Peer.ReceiveAllAsync()).End);
    }

    [Theory, EitherOrigin]
    public async Task A_close_with_unread_input_resets_the_peer(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.Peer.SendAsync(new byte[1000]);
        await connection.UntilUnreadAsync(1000);
        await connection.CloseAsync();
        Assert.Equal(SocketError.ConnectionReset, (await connection.Peer.ReceiveAllAsync()).End);
    }

    [Theory, EitherOrigin]
    public async Task A_close_is_told_once_whoever_asks_how_often(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.SetReadingAsync(true);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(connection.Channel.CloseAsync))).InTime();
        await connection.Probe.UntilAsync(ProbeEventKind.Inactive);
        await connection.Channel.CloseAsync().InTime();
        await connection.Channel.CloseCompletion.InTime();
        await SettleAsync();
        Assert.Equal(1, connection.Probe.Count(ProbeEventKind.Inactive));
        Assert.Equal(0, connection.Probe.Count(ProbeEventKind.Exception));
        Assert.Equal(0, connection.Probe.Count(ProbeEventKind.InputShutdown));
        Assert.False(connection.Channel.Active);
        Assert.False(connection.Channel.Open);
    }

    [Theory, EitherOrigin]
    public async Task A_close_throws_away_what_is_pending_and_does_not_look_like_an_end(Origin origin)
    {
        (Connection connection, byte[] sent) = await CongestAsync(origin);
        SentLog log = new(connection.Channel);
        await connection.Loop.CallAsync(() =>
        {
            connection.Socket.OutputListener = log;
            _ = connection.Channel.CloseAsync(); // in one turn: between two, the kernel may take more
        });
        await connection.CloseAsync();
        Assert.Equal(0, await Loop.CallAsync(() => connection.Socket.PendingBytes));
        Assert.Equal(0, log.Total);
        PeerInput input = await connection.Peer.ReceiveAllAsync();
        Assert.Equal(SocketError.ConnectionReset, input.End);
        Assert.True(input.Bytes.Length < sent.Length);
        Bytes.AssertPrefix(sent, input.Bytes);
    }

    [Theory, EitherOrigin]
    public async Task A_close_while_the_peer_reads_keeps_the_bytes_in_order(Origin origin)
    {
        for (int i = 0; i < 10; i++)
        {
            (Connection connection, byte[] sent) = await CongestAsync(origin);
            byte[] more = Bytes.Random(2_000_000, seed: i);
            int reports = 0;
            await connection.Loop.CallAsync(() =>
            {
                connection.Socket.OutputListener = new SentLog(connection.Channel)
                {
                    Then = _ =>
                    {
                        if (++reports > i || connection.Socket.PendingBytes == 0)
                        {
                            connection.Channel.CloseAsync();
                        }
                    },
                };
                for (int next = 0; next < more.Length; next += 50_000)
                {
                    connection.Socket.Send(Pool.Holding(more.AsSpan(next, 50_000)));
                }
            });
            sent = [.. sent, .. more];
            Task<PeerInput> reading = connection.Peer.ReceiveAllAsync();
            PeerInput input = await reading.InTime();
            Bytes.AssertPrefix(sent, input.Bytes);
            Assert.True(input.End == SocketError.ConnectionReset || input.Bytes.Length == sent.Length, "bytes are missing in front of an end");
        }
    }

    [Theory, EitherOrigin]
    public async Task A_closed_socket_takes_nothing_and_gives_buffers_back(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        SentLog log = new(connection.Channel);
        await connection.Loop.CallAsync(() => connection.Socket.OutputListener = log);
        await connection.CloseAsync();
        await SettleAsync();
        int taken = await Loop.CallAsync(() =>
        {
            IStreamSocket socket = connection.Socket;
            socket.ShutdownOutput();
            socket.Abort();
            return socket.TrySend(new byte[10]) + socket.Send(Pool.Holding(new byte[10])) + socket.Send(Pool.Holding([]));
        });
        Assert.Equal(0, taken);
        Assert.Equal(0, await Loop.CallAsync(() => connection.Socket.PendingBytes));
        await SettleAsync();
        Assert.Equal(0, log.Calls);
        Assert.Equal(1, connection.Probe.Count(ProbeEventKind.Inactive));
        Assert.Equal(0, connection.Probe.Count(ProbeEventKind.Exception));
    }

    [Theory, EitherOrigin(false, true)]
    public async Task Abort_resets_the_peer(Origin origin, bool isReading)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.SetReadingAsync(isReading);
        await connection.Loop.CallAsync(connection.Socket.Abort);
        await connection.Probe.UntilAsync(ProbeEventKind.Inactive);
        Assert.Equal(SocketError.ConnectionReset, (await connection.Peer.ReceiveAllAsync()).End);
        Assert.Equal(0, connection.Probe.Count(ProbeEventKind.Exception));
        Assert.Equal(0, connection.Probe.Count(ProbeEventKind.InputShutdown));
    }

    [Theory, EitherOrigin]
    public async Task Abort_resets_the_peer_with_bytes_pending(Origin origin)
    {
        (Connection connection, byte[] sent) = await CongestAsync(origin);
        await connection.Loop.CallAsync(connection.Socket.Abort);
        await connection.Probe.UntilAsync(ProbeEventKind.Inactive);
        PeerInput input = await connection.Peer.ReceiveAllAsync();
        Assert.Equal(SocketError.ConnectionReset, input.End);
        Bytes.AssertPrefix(sent, input.Bytes);
        Assert.Equal(0, await Loop.CallAsync(() => connection.Socket.PendingBytes));
    }

    [Theory, EitherOrigin]
    public async Task Abort_within_a_read_resets_the_peer(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        connection.Probe.On = (_, told) =>
        {
            if (told.Kind == ProbeEventKind.Read)
            {
                connection.Socket.Abort();
                connection.Socket.Abort();
            }
        };
        await connection.SetReadingAsync(true);
        await connection.Peer.SendAsync(new byte[10]);
        await connection.Probe.UntilAsync(ProbeEventKind.Inactive);
        Assert.Equal(SocketError.ConnectionReset, (await connection.Peer.ReceiveAllAsync()).End);
    }

    [Theory, EitherOrigin]
    public async Task Abort_after_both_ends_is_harmless(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.SetReadingAsync(true);
        await connection.Loop.CallAsync(connection.Socket.ShutdownOutput);
        connection.Peer.End();
        await connection.Probe.UntilAsync(ProbeEventKind.InputShutdown);
        Assert.Equal(SocketError.Success, (await connection.Peer.ReceiveAllAsync()).End);
        await connection.Loop.CallAsync(connection.Socket.Abort);
        await connection.Probe.UntilAsync(ProbeEventKind.Inactive);
        Assert.Equal(0, connection.Probe.Count(ProbeEventKind.Exception));
    }
}
