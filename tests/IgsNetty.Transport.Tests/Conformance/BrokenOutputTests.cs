using System.Net.Sockets;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>
/// A reset that a send meets first. It ends the output only: what the peer sent before its reset is still in the kernel, and is read
/// to its end before the failure is told.
/// </summary>
public abstract class BrokenOutputTests : TransportTests
{
    // The last size does not fit one receive buffer.
    public static TheoryData<Origin, int> Sizes
    {
        get
        {
            TheoryData<Origin, int> all = [];
            foreach (int size in new[] { 1, 50, 4096 - Headroom, 60_000 })
            {
                all.Add(Origin.Accepted, size);
                all.Add(Origin.Dialled, size);
            }

            return all;
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public async Task Bytes_before_a_reset_are_read_though_TrySend_met_it(Origin origin, int size)
    {
        (Connection connection, byte[] bytes) = await ResetBehindBytesAsync(origin, size);
        await connection.Loop.CallAsync(() => Assert.Equal(0, connection.Socket.TrySend(new byte[1000])));
        await AssertReadThenBrokenAsync(connection, bytes);
    }

    [Theory, MemberData(nameof(Sizes))]
    public async Task Bytes_before_a_reset_are_read_though_Send_met_it(Origin origin, int size)
    {
        (Connection connection, byte[] bytes) = await ResetBehindBytesAsync(origin, size);
        await SendAsync(connection, new byte[1000]);
        await SendAsync(connection, new byte[1000]);
        await AssertReadThenBrokenAsync(connection, bytes);
    }

    [Theory, MemberData(nameof(Sizes))]
    public async Task Bytes_before_a_reset_are_read_though_a_write_of_DotNettys_met_it(Origin origin, int size)
    {
        (Connection connection, byte[] bytes) = await ResetBehindBytesAsync(origin, size);
        await connection.Loop.CallAsync(() => { _ = connection.Channel.WriteAndFlushAsync(Pool.Holding(new byte[1000])); });
        await AssertReadThenBrokenAsync(connection, bytes);
    }

    [Theory, MemberData(nameof(Sizes))]
    public async Task Bytes_before_a_reset_are_read_though_ShutdownOutput_met_it(Origin origin, int size)
    {
        (Connection connection, byte[] bytes) = await ResetBehindBytesAsync(origin, size);
        await connection.Loop.CallAsync(connection.Socket.ShutdownOutput);
        await AssertReadThenBrokenAsync(connection, bytes, SocketError.NotConnected);
    }

    // The read has been asked for, and the send of the same turn comes before it.
    [Theory, MemberData(nameof(Sizes))]
    public async Task Bytes_before_a_reset_are_read_though_a_send_of_the_same_turn_met_it(Origin origin, int size)
    {
        byte[] bytes = Bytes.Random(size);
        Connection connection = await ConnectAsync(origin);
        await connection.SetReadingAsync(true);
        await SettleAsync();
        using (await LoopHold.BeginAsync(Loop))
        {
            connection.Loop.Execute(() => connection.Socket.Send(Pool.Holding(new byte[1000])));
            await connection.Peer.SendAsync(bytes);
            await connection.UntilUnreadAsync(size);
            await connection.ResetByPeerAsync();
        }

        await AssertReadThenBrokenAsync(connection, bytes);
    }

    // Whoever is told first, the read or the write that waits for room.
    [Theory, EitherOrigin(false, true)]
    public async Task Bytes_before_a_reset_are_read_though_bytes_are_pending(Origin origin, bool isReading)
    {
        for (int i = 0; i < 10; i++)
        {
            (Connection connection, _) = await CongestAsync(origin);
            byte[] bytes = Bytes.Random(50_000, seed: i);
            await connection.Peer.SendAsync(bytes);
            if (!isReading)
            {
                await connection.UntilUnreadAsync(bytes.Length);
            }

            await connection.SetReadingAsync(isReading);
            await connection.ResetByPeerAsync();
            await AssertReadThenBrokenAsync(connection, bytes);
        }
    }

    [Theory, EitherOrigin]
    public async Task Bytes_are_read_one_buffer_at_a_time_by_one_who_asks_for_each(Origin origin)
    {
        (Connection connection, byte[] bytes) = await ResetBehindBytesAsync(origin, 60_000);
        await SendAsync(connection, new byte[1000]);
        connection.Probe.On = (context, told) =>
        {
            if (told.Kind == ProbeEventKind.ReadComplete)
            {
                context.Read();
            }
        };
        await connection.ReadOnceAsync();
        await connection.Probe.UntilAsync(ProbeEventKind.Inactive);
        Bytes.AssertSame(bytes, connection.Probe.Received);
        await connection.AssertBrokenAsync(SocketError.ConnectionReset, SocketError.Shutdown);
    }

    [Theory, EitherOrigin]
    public async Task What_a_broken_output_is_given_stays_pending_and_is_never_told_as_sent(Origin origin)
    {
        (Connection connection, byte[] bytes) = await ResetBehindBytesAsync(origin, 50);
        SentLog sent = new(connection.Channel);
        await connection.Loop.CallAsync(() => connection.Socket.OutputListener = sent);
        await SendAsync(connection, new byte[1000]);
        await SendAsync(connection, new byte[500]);
        await SettleAsync();
        Assert.Equal(1500, await connection.Loop.CallAsync(() => connection.Socket.PendingBytes));
        await AssertReadThenBrokenAsync(connection, bytes);
        Assert.Equal(0, sent.Total);
        Assert.Equal(0, await connection.Loop.CallAsync(() => connection.Socket.PendingBytes));
    }

    [Theory, EitherOrigin]
    public async Task One_who_is_told_of_the_reset_may_still_send(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        connection.Probe.On = (_, told) =>
        {
            if (told.Kind == ProbeEventKind.Exception)
            {
                Assert.Equal(0, connection.Socket.TrySend(new byte[1000]));
                Assert.Equal(0, connection.Socket.Send(Pool.Holding(new byte[1000])));
            }
        };
        await connection.SetReadingAsync(true);
        await connection.ResetByPeerAsync();
        await connection.AssertBrokenAsync(SocketError.ConnectionReset);
        Assert.Equal(0, await connection.Loop.CallAsync(() => connection.Socket.PendingBytes));
    }

    // Direct, the peer's system tells the end first, too, and the reset behind it.
    [Theory, EitherOrigin(false, true)]
    public async Task An_end_before_a_reset_is_told_though_a_send_met_the_reset(Origin origin, bool isReading)
    {
        byte[] bytes = Bytes.Random(1000);
        Connection connection = await ConnectAsync(origin);
        await connection.SetReadingAsync(isReading);
        await SettleAsync();
        using (await LoopHold.BeginAsync(Loop))
        {
            connection.Loop.Execute(() => connection.Socket.Send(Pool.Holding(new byte[1000])));
            await connection.Peer.SendAsync(bytes);
            connection.Peer.End();
            await connection.UntilPeerEndedAsync();
            await connection.ResetByPeerAsync();
        }

        await SettleAsync();
        await connection.SetReadingAsync(true);
        await connection.Probe.UntilAsync(ProbeEventKind.Inactive);
        Bytes.AssertSame(bytes, connection.Probe.Received);
        Assert.Equal(1, connection.Probe.Count(ProbeEventKind.InputShutdown));
        Assert.Equal(1, connection.Probe.Count(ProbeEventKind.Exception));
    }

    [Theory, EitherOrigin]
    public async Task A_reset_with_nothing_to_read_is_told_at_once_though_reading_is_off(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.ResetByPeerAsync();
        await SendAsync(connection, new byte[1000]);
        await connection.AssertBrokenAsync(SocketError.ConnectionReset, SocketError.Shutdown);
    }

    // Reading is off, and all of it is in the kernel.
    private async Task<(Connection Connection, byte[] Bytes)> ResetBehindBytesAsync(Origin origin, int size)
    {
        byte[] bytes = Bytes.Random(size);
        Connection connection = await ConnectAsync(origin);
        await connection.Peer.SendAsync(bytes);
        await connection.UntilUnreadAsync(size);
        await connection.ResetByPeerAsync();
        return (connection, bytes);
    }

    private static async Task AssertReadThenBrokenAsync(Connection connection, byte[] bytes, params SocketError[] orElse)
    {
        await connection.SetReadingAsync(true);
        await connection.Probe.UntilAsync(ProbeEventKind.Inactive);
        Bytes.AssertSame(bytes, connection.Probe.Received);
        await connection.AssertBrokenAsync([SocketError.ConnectionReset, SocketError.Shutdown, .. orElse]);
    }
}
