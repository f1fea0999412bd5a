using System.Net;
using System.Net.Sockets;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>The peer's RST: an exception and then the channel's end, never the end of the peer's direction.</summary>
public abstract class ResetTests : TransportTests
{
    [Theory, EitherOrigin]
    public async Task A_reset_while_reading_is_told(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.SetReadingAsync(true);
        await SettleAsync();
        await connection.ResetByPeerAsync();
        await connection.AssertBrokenAsync(SocketError.ConnectionReset);
    }

    [Theory, EitherOrigin]
    public async Task A_reset_that_came_before_reading_was_turned_on_is_told(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.ResetByPeerAsync();
        await connection.SetReadingAsync(true);
        await connection.AssertBrokenAsync(SocketError.ConnectionReset);
    }

    [Theory, EitherOrigin]
    public async Task A_reset_that_came_before_an_explicit_read_is_told(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.ResetByPeerAsync();
        await connection.ReadOnceAsync();
        await connection.AssertBrokenAsync(SocketError.ConnectionReset);
    }

    [Theory, EitherOrigin]
    public async Task A_reset_that_came_while_reading_was_off_again_is_told(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await AssertWorksAsync(connection);
        await connection.SetReadingAsync(false);
        await connection.ResetByPeerAsync();
        await SettleAsync();
        await connection.Loop.CallAsync(() => connection.Channel.Configuration.AutoRead = true);
        await connection.AssertBrokenAsync(SocketError.ConnectionReset);
    }

    // The second size fills a receive buffer to its last byte, so the reset is found by the same batch.
    [Theory, EitherOrigin(1, 4096 - Headroom, 100_000)]
    public async Task A_reset_behind_unread_bytes_is_told(Origin origin, int count)
    {
        Connection connection = await ConnectAsync(origin);
        byte[] bytes = Bytes.Random(count);
        await connection.Peer.SendAsync(bytes);
        await connection.UntilUnreadAsync(count);
        await connection.ResetByPeerAsync();
        await connection.SetReadingAsync(true);
        await connection.AssertBrokenAsync(SocketError.ConnectionReset);
        Bytes.AssertPrefix(bytes, connection.Probe.Received);
    }

    [Theory, EitherOrigin]
    public async Task A_reset_in_the_middle_of_a_stream_is_told(Origin origin)
    {
        byte[] bytes = Bytes.Random(8 << 20);
        for (int i = 0; i < 20; i++)
        {
            Connection connection = await ConnectAsync(origin);
            await connection.SetReadingAsync(true);
            await connection.Peer.SendAsync(bytes.AsMemory(0, (i + 1) * 100_000));
            connection.Peer.Reset();
            await connection.AssertBrokenAsync(SocketError.ConnectionReset);
            Bytes.AssertPrefix(bytes, connection.Probe.Received);
        }
    }

    [Theory, EitherOrigin]
    public async Task A_reset_that_meets_nested_reads_is_told(Origin origin)
    {
        for (int i = 0; i < 20; i++)
        {
            Connection connection = await ConnectAsync(origin);
            connection.Probe.On = (context, told) =>
            {
                if (told.Kind is ProbeEventKind.Read or ProbeEventKind.ReadComplete)
                {
                    context.Read();
                }
            };
            await connection.SetReadingAsync(true);
            await connection.Peer.SendAsync(new byte[(4096 - Headroom) * (i + 1)]);
            connection.Peer.Reset();
            await connection.AssertBrokenAsync(SocketError.ConnectionReset);
        }
    }

    [Theory, EitherOrigin]
    public async Task A_reset_with_bytes_pending_is_told_though_reading_is_off(Origin origin)
    {
        (Connection connection, _) = await CongestAsync(origin);
        await connection.ResetByPeerAsync();
        await connection.AssertBrokenAsync(SocketError.ConnectionReset, SocketError.Shutdown);
        Assert.Equal(0, await connection.Loop.CallAsync(() => connection.Socket.PendingBytes));
    }

    // The kernel tells the error once: to the read or to the write that waits. Whoever misses it sees an "end" or a
    // broken pipe.
    [Theory, EitherOrigin]
    public async Task A_reset_with_bytes_pending_is_never_told_as_an_end(Origin origin)
    {
        for (int i = 0; i < 60; i++)
        {
            (Connection connection, _) = await CongestAsync(origin);
            await connection.SetReadingAsync(true);
            connection.Peer.Reset();
            await connection.AssertBrokenAsync(SocketError.ConnectionReset, SocketError.Shutdown);
        }
    }

    [Theory, EitherOrigin]
    public async Task TrySend_after_a_reset_takes_nothing_and_the_channel_closes(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.ResetByPeerAsync();
        byte[] bytes = new byte[1000];
        Assert.Equal(0, await connection.Loop.CallAsync(
            () => connection.Socket.TrySend(bytes) + connection.Socket.TrySend(bytes)));
        await connection.AssertBrokenAsync(SocketError.ConnectionReset, SocketError.Shutdown);
    }

    [Theory, EitherOrigin]
    public async Task Send_after_a_reset_does_not_throw_and_the_channel_closes(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.SetReadingAsync(true);
        SentLog sent = new(connection.Channel);
        await connection.Loop.CallAsync(() => connection.Socket.OutputListener = sent);
        connection.Peer.Reset();
        for (int i = 0; i < 20; i++)
        {
            await SendAsync(connection, new byte[1000]);
        }

        await connection.AssertBrokenAsync(SocketError.ConnectionReset, SocketError.Shutdown);
        Assert.Equal(0, sent.Total);
        Assert.Equal(0, await connection.Loop.CallAsync(() => connection.Socket.PendingBytes));
    }

    // Between two owners a pipeline is empty. DotNetty would warn of an exception that nobody in it takes.
    [Fact]
    public async Task A_reset_that_a_send_finds_while_the_pipeline_is_empty_is_only_the_end()
    {
        Socket listener = PlainListener();
        IStreamSocket socket = await Transport.ConnectAsync((IPEndPoint)listener.LocalEndPoint!, Loop, CancellationToken.None).InTime();
        using Peer peer = new(await listener.AcceptAsync().InTime());
        IPEndPoint local = (IPEndPoint)socket.Channel.LocalAddress;
        peer.Reset();
        await KernelSockets.UntilGoneAsync(local, peer.Local);
        Assert.Equal(0, await Loop.CallAsync(() => socket.TrySend(new byte[1000])));
        await socket.Channel.CloseCompletion.InTime("the channel's end");
    }

    [Theory, EitherOrigin]
    public async Task ShutdownOutput_after_a_reset_does_not_throw_and_the_channel_closes(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.ResetByPeerAsync();
        await connection.Loop.CallAsync(connection.Socket.ShutdownOutput);
        await connection.SetReadingAsync(true);
        await connection.AssertBrokenAsync(SocketError.ConnectionReset, SocketError.NotConnected);
    }

    [Theory, EitherOrigin]
    public async Task A_reset_after_the_peers_end_is_found_by_the_next_write(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.SetReadingAsync(true);
        await connection.Peer.SendAsync(new byte[100]);
        connection.Peer.End();
        await connection.Probe.UntilAsync(ProbeEventKind.InputShutdown);
        await connection.ResetByPeerAsync();
        await SendAsync(connection, new byte[1000]);
        await connection.Probe.UntilAsync(ProbeEventKind.Inactive);
        Assert.IsType<SocketException>(connection.Probe.Events.Single(e => e.Kind == ProbeEventKind.Exception).Error);
        Assert.Equal(1, connection.Probe.Count(ProbeEventKind.InputShutdown));
    }
}
