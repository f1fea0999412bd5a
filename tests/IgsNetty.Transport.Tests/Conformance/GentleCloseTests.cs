using System.Net.Sockets;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary><see cref="GentleClose"/> on real sockets.</summary>
public abstract class GentleCloseTests : TransportTests
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    [Theory, EitherOrigin]
    public async Task The_end_follows_what_is_pending(Origin origin)
    {
        (Connection connection, byte[] sent) = await CongestAsync(origin, queued: 2_000_000);
        await BeginAsync(connection, Never);
        PeerInput input = await connection.Peer.ReceiveAllAsync();
        Assert.Equal(SocketError.Success, input.End);
        Bytes.AssertSame(sent, input.Bytes);
        Assert.True(connection.Channel.Open); // it waits for the peer's end
        connection.Peer.End();
        await connection.Probe.UntilAsync(ProbeEventKind.Inactive);
    }

    [Theory, EitherOrigin]
    public async Task Unread_input_does_not_reset_the_peer(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        byte[] bytes = Bytes.Random(100_000);
        await connection.Peer.SendAsync(Bytes.Random(50_000));
        await connection.UntilUnreadAsync(50_000);
        await SendAsync(connection, bytes);
        await BeginAsync(connection, Never);
        await connection.Peer.SendAsync(Bytes.Random(3_000_000)); // goes on to talk
        PeerInput input = await connection.Peer.ReceiveAllAsync();
        Assert.Equal(SocketError.Success, input.End);
        Bytes.AssertSame(bytes, input.Bytes);
        connection.Peer.End();
        await connection.Probe.UntilAsync(ProbeEventKind.Inactive);
        Assert.Equal(0, connection.Probe.ReceivedBytes);
    }

    [Theory, EitherOrigin]
    public async Task It_begins_within_a_read(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        connection.Probe.On = (_, told) =>
        {
            if (told.Kind == ProbeEventKind.Read)
            {
                connection.Socket.Send(Pool.Holding("no"u8));
                GentleClose.Begin(connection.Socket, Never);
            }
        };
        await connection.ReadOnceAsync();
        await connection.Peer.SendAsync(Bytes.Random(500_000));
        PeerInput input = await connection.Peer.ReceiveAllAsync();
        Assert.Equal(SocketError.Success, input.End);
        Bytes.AssertSame("no"u8.ToArray(), input.Bytes);
        connection.Peer.End();
        await connection.Probe.UntilAsync(ProbeEventKind.Inactive);
    }

    [Theory, EitherOrigin]
    public async Task A_peer_that_sends_on_and_on_is_read_no_further(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        byte[] bytes = Bytes.Random(1000);
        await SendAsync(connection, bytes);
        await BeginAsync(connection, Never);
        Task flood = connection.Peer.SendAsync(new byte[64 << 20]); // more than the kernel keeps
        await Waiting.UntilAsync(() => !connection.Channel.Configuration.AutoRead);
        PeerInput input = await connection.Peer.ReceiveAllAsync();
        Assert.Equal(SocketError.Success, input.End);
        Bytes.AssertSame(bytes, input.Bytes);
        Assert.False(flood.IsCompleted);
        await connection.CloseAsync();
        await Assert.ThrowsAnyAsync<SocketException>(() => flood);
    }

    [Theory, EitherOrigin]
    public async Task It_closes_at_the_limit_though_the_peer_goes_on(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await BeginAsync(connection, Soon);
        await connection.Probe.UntilAsync(ProbeEventKind.Inactive);
    }

    [Theory, EitherOrigin]
    public async Task It_closes_at_the_limit_though_bytes_are_pending(Origin origin)
    {
        (Connection connection, _) = await CongestAsync(origin);
        await BeginAsync(connection, Soon);
        await connection.Probe.UntilAsync(ProbeEventKind.Inactive);
    }

    [Theory, EitherOrigin]
    public async Task A_peer_that_ends_while_bytes_are_pending_gets_them_and_is_not_waited_for(Origin origin)
    {
        (Connection connection, byte[] sent) = await CongestAsync(origin);
        await BeginAsync(connection, Never);
        connection.Peer.End();
        await connection.UntilPeerEndedAsync();
        await SettleAsync();
        PeerInput input = await connection.Peer.ReceiveAllAsync();
        Assert.Equal(SocketError.Success, input.End);
        Bytes.AssertSame(sent, input.Bytes);
        await connection.Probe.UntilAsync(ProbeEventKind.Inactive);
    }

    [Theory, EitherOrigin]
    public async Task A_peer_that_has_ended_before_is_not_waited_for(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.SetReadingAsync(true);
        connection.Peer.End();
        await connection.Probe.UntilAsync(ProbeEventKind.InputShutdown);
        await SendAsync(connection, new byte[1000]);
        await BeginAsync(connection, Never);
        PeerInput input = await connection.Peer.ReceiveAllAsync();
        Assert.Equal(SocketError.Success, input.End);
        Assert.Equal(1000, input.Bytes.Length);
        await connection.Probe.UntilAsync(ProbeEventKind.Inactive);
    }

    [Theory, EitherOrigin]
    public async Task A_peer_that_ended_unseen_is_not_waited_for(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.Peer.SendAsync(new byte[1000]);
        connection.Peer.End();
        await connection.UntilPeerEndedAsync();
        await BeginAsync(connection, Never);
        Assert.Equal(SocketError.Success, (await connection.Peer.ReceiveAllAsync()).End);
        await connection.Probe.UntilAsync(ProbeEventKind.Inactive);
    }

    [Theory, EitherOrigin]
    public async Task A_peer_that_resets_is_not_waited_for(Origin origin)
    {
        (Connection connection, _) = await CongestAsync(origin);
        await BeginAsync(connection, Never);
        connection.Peer.Reset();
        await connection.Probe.UntilAsync(ProbeEventKind.Inactive);
    }

    [Theory, EitherOrigin]
    public async Task A_closed_socket_stays_closed(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.CloseAsync();
        await Loop.CallAsync(() => GentleClose.Begin(connection.Socket, Never));
        await SettleAsync();
        Assert.Equal(1, connection.Probe.Count(ProbeEventKind.Inactive));
    }

    private static Task BeginAsync(Connection connection, TimeSpan limit) =>
        connection.Loop.CallAsync(() => GentleClose.Begin(connection.Socket, limit));
}
