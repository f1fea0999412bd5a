using System.Net.Sockets;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>A socket goes from one loop to another, with reading off and no read under way.</summary>
public abstract class MoveTests : TransportTests
{
    [Theory, EitherOrigin]
    public async Task A_fresh_socket_works_on_the_other_loop(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await MoveAsync(connection, Transport.Loops[1]);
        await AssertWorksAsync(connection);
        Assert.Equal(0, connection.Probe.Count(ProbeEventKind.Exception));
        Assert.True(connection.Probe.Count(ProbeEventKind.Active) <= 1);
    }

    [Theory, EitherOrigin]
    public async Task A_socket_that_has_read_and_written_works_on_the_other_loop(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        byte[] bytes = Bytes.Random(2000);
        for (int i = 0; i < 20; i++)
        {
            // As a proxy's dialogue: one read, an answer, and then the socket moves.
            await connection.ReadOnceAsync();
            await connection.Peer.SendAsync(bytes.AsMemory(i * 100, 100));
            await connection.Probe.UntilReceivedAsync((i + 1) * 100);
            await SendAsync(connection, bytes[(i * 100)..((i + 1) * 100)]);
            await MoveAsync(connection, Transport.Loops[(i + 1) % 2]);
        }

        Bytes.AssertSame(bytes, connection.Probe.Received);
        Bytes.AssertSame(bytes, await connection.Peer.ReceiveAsync(bytes.Length));
        await AssertWorksAsync(connection);
    }

    [Theory, EitherOrigin]
    public async Task Bytes_that_wait_in_the_kernel_move_along(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        byte[] bytes = Bytes.Random(2 << 20);
        Task sending = connection.Peer.SendAsync(bytes);
        await connection.UntilUnreadAsync(MostReceiveBytes);
        await MoveAsync(connection, Transport.Loops[1]);
        await SettleAsync();
        Assert.Equal(0, connection.Probe.ReceivedBytes);
        await connection.SetReadingAsync(true);
        await sending.InTime();
        await connection.Probe.UntilReceivedAsync(bytes.Length);
        Bytes.AssertSame(bytes, connection.Probe.Received);
    }

    [Theory, EitherOrigin]
    public async Task A_moved_socket_sends_what_does_not_fit_and_reports_it_on_its_new_loop(Origin origin)
    {
        Connection connection = await ConnectAsync(origin, peerBuffer: 16 * 1024);
        await MoveAsync(connection, Transport.Loops[1]);
        SentLog log = new(connection.Channel);
        await connection.Loop.CallAsync(() => connection.Socket.OutputListener = log);
        int atOnce = await SendAsync(connection, Bytes.Bulk);
        Bytes.AssertSame(Bytes.Bulk, await connection.Peer.ReceiveAsync(Bytes.Bulk.Length));
        await Waiting.UntilAsync(() => log.Total == Bytes.Bulk.Length - atOnce);
        Assert.Null(log.Fault);
    }

    [Theory, EitherOrigin]
    public async Task The_peers_end_during_the_move_is_told_on_the_new_loop(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.Loop.CallAsync(() => { });
        await DeregisterAsync(connection);
        connection.Peer.End();
        await connection.UntilPeerEndedAsync();
        await Transport.Loops[1].RegisterAsync(connection.Channel).InTime();
        await connection.SetReadingAsync(true);
        await connection.Probe.UntilAsync(ProbeEventKind.InputShutdown);
        await SendAsync(connection, new byte[10]);
        await connection.Peer.ReceiveAsync(10);
    }

    [Theory, EitherOrigin]
    public async Task The_peers_reset_during_the_move_is_told_on_the_new_loop(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await DeregisterAsync(connection);
        await connection.ResetByPeerAsync();
        await Transport.Loops[1].RegisterAsync(connection.Channel).InTime();
        await connection.SetReadingAsync(true);
        await connection.AssertBrokenAsync(SocketError.ConnectionReset);
    }

    [Theory, EitherOrigin]
    public async Task Reading_that_is_on_at_the_registration_starts_on_the_new_loop(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await AssertWorksAsync(connection);
        await connection.SetReadingAsync(false);
        await connection.Peer.SendAsync(new byte[10]); // ends the read that was still waiting
        await connection.UntilUnreadAsync(10);
        await SettleAsync();
        await DeregisterAsync(connection);
        connection.Channel.Configuration.AutoRead = true;
        await Transport.Loops[1].RegisterAsync(connection.Channel).InTime();
        await connection.Probe.UntilReceivedAsync(1010);
    }

    private static Task DeregisterAsync(Connection connection) => connection.Channel.DeregisterAsync().InTime();

    private static async Task MoveAsync(Connection connection, IEventLoop loop)
    {
        await DeregisterAsync(connection);
        await loop.RegisterAsync(connection.Channel).InTime();
        Assert.Same(loop, connection.Loop);
    }
}
