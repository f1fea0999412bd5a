using System.Net.Sockets;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>The end of one direction, which leaves the other alone.</summary>
public abstract class HalfCloseTests : TransportTests
{
    [Theory, EitherOrigin]
    public async Task The_peers_end_is_told_once_and_leaves_writing_alone(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.SetReadingAsync(true);
        connection.Peer.End();
        await connection.Probe.UntilAsync(ProbeEventKind.InputShutdown);

        // None of this brings a second one.
        await connection.ReadOnceAsync();
        await connection.SetReadingAsync(false);
        await connection.SetReadingAsync(true);
        await connection.ReadOnceAsync();
        await SettleAsync();
        Assert.Equal(1, connection.Probe.Count(ProbeEventKind.InputShutdown));
        Assert.Equal(0, connection.Probe.Count(ProbeEventKind.Exception));
        Assert.Equal(0, connection.Probe.Count(ProbeEventKind.Inactive));
        Assert.True(connection.Channel.Active);

        byte[] bytes = Bytes.Random(100_000);
        await SendAsync(connection, bytes);
        Bytes.AssertSame(bytes, await connection.Peer.ReceiveAsync(bytes.Length));
    }

    [Theory, EitherOrigin]
    public async Task The_peers_end_waits_until_reading_is_turned_on(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        connection.Peer.End();
        await connection.UntilPeerEndedAsync();
        await SettleAsync();
        Assert.False(connection.Probe.Has(ProbeEventKind.InputShutdown));
        Assert.True(connection.Channel.Active);
        await connection.SetReadingAsync(true);
        await connection.Probe.UntilAsync(ProbeEventKind.InputShutdown);
    }

    [Theory, EitherOrigin]
    public async Task An_explicit_read_tells_the_peers_end(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        connection.Peer.End();
        await connection.UntilPeerEndedAsync();
        await connection.ReadOnceAsync();
        await connection.Probe.UntilAsync(ProbeEventKind.InputShutdown);
        await connection.ReadOnceAsync();
        await SettleAsync();
        Assert.Equal(1, connection.Probe.Count(ProbeEventKind.InputShutdown));
    }

    // The second size fills a receive buffer to its last byte, so the end is found by the same batch.
    [Theory, EitherOrigin(1, 4096 - Headroom, 100_000, 3_000_000)]
    public async Task Bytes_in_front_of_the_peers_end_come_first(Origin origin, int count)
    {
        Connection connection = await ConnectAsync(origin);
        byte[] bytes = Bytes.Random(count);
        Task sending = connection.Peer.SendAsync(bytes);
        if (count <= 100_000)
        {
            await sending.InTime();
            connection.Peer.End();
            await connection.UntilPeerEndedAsync();
        }

        await connection.SetReadingAsync(true);
        await sending.InTime();
        if (count > 100_000)
        {
            connection.Peer.End();
        }

        await connection.Probe.UntilAsync(ProbeEventKind.InputShutdown);
        Bytes.AssertSame(bytes, connection.Probe.Received);
        await SettleAsync();
        Assert.Equal(ProbeEventKind.InputShutdown, connection.Probe.Events[^1].Kind);
        Assert.Equal(1, connection.Probe.Count(ProbeEventKind.InputShutdown));
    }

    [Theory, EitherOrigin]
    public async Task Our_end_reaches_the_peer_and_leaves_reading_alone(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        byte[] bytes = Bytes.Random(200_000);
        await connection.SetReadingAsync(true);
        await SendAsync(connection, bytes[..1000]);
        await connection.Loop.CallAsync(connection.Socket.ShutdownOutput);
        PeerInput input = await connection.Peer.ReceiveAllAsync();
        Assert.Equal(SocketError.Success, input.End);
        Bytes.AssertSame(bytes.AsMemory(0, 1000), input.Bytes);

        await connection.Peer.SendAsync(bytes);
        await connection.Probe.UntilReceivedAsync(bytes.Length);
        Bytes.AssertSame(bytes, connection.Probe.Received);
        Assert.True(connection.Channel.Active);
        Assert.Equal(0, connection.Probe.Count(ProbeEventKind.Exception));
    }

    [Theory, EitherOrigin]
    public async Task Our_end_can_follow_what_was_pending(Origin origin)
    {
        (Connection connection, byte[] sent) = await CongestAsync(origin);
        await connection.Loop.CallAsync(() => connection.Socket.OutputListener = new SentLog(connection.Channel)
        {
            Then = _ =>
            {
                if (connection.Socket.PendingBytes == 0)
                {
                    connection.Socket.ShutdownOutput();
                }
            },
        });
        PeerInput input = await connection.Peer.ReceiveAllAsync();
        Assert.Equal(SocketError.Success, input.End);
        Bytes.AssertSame(sent, input.Bytes);
    }

    [Theory, EitherOrigin]
    public async Task With_both_directions_ended_the_channel_waits_to_be_closed(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.SetReadingAsync(true);
        await connection.Loop.CallAsync(connection.Socket.ShutdownOutput);
        await connection.Loop.CallAsync(connection.Socket.ShutdownOutput);
        Assert.Equal(SocketError.Success, (await connection.Peer.ReceiveAllAsync()).End);
        connection.Peer.End();
        await connection.Probe.UntilAsync(ProbeEventKind.InputShutdown);
        await connection.Loop.CallAsync(connection.Socket.ShutdownOutput);
        await SettleAsync();
        Assert.True(connection.Channel.Open);
        await connection.CloseAsync();
        Assert.Equal(1, connection.Probe.Count(ProbeEventKind.InputShutdown));
        Assert.Equal(0, connection.Probe.Count(ProbeEventKind.Exception));
        Assert.Equal(1, connection.Probe.Count(ProbeEventKind.Inactive));
    }
}
