using System.Net.Sockets;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>The peer's reset beside an end, ours or its own, and a reset that the peer does not ask for by name.</summary>
public abstract class ResetOrderTests : TransportTests
{
    // The way most resets come about: the peer closes and has not read everything.
    [Theory, EitherOrigin(false, true)]
    public async Task A_peer_that_closes_with_unread_bytes_resets(Origin origin, bool isReading)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.SetReadingAsync(isReading);
        await SendAsync(connection, new byte[1000]);
        await connection.Peer.ReceiveAsync(1);
        connection.Peer.Dispose();
        await KernelSockets.UntilGoneAsync((System.Net.IPEndPoint)connection.Channel.LocalAddress, connection.Peer.Local);
        await connection.SetReadingAsync(true);
        await connection.AssertBrokenAsync(SocketError.ConnectionReset);
    }

    [Theory, EitherOrigin(false, true)]
    public async Task A_reset_behind_our_end_is_told(Origin origin, bool isReading)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.SetReadingAsync(isReading);
        await connection.Loop.CallAsync(connection.Socket.ShutdownOutput);
        Assert.Equal(SocketError.Success, (await connection.Peer.ReceiveAllAsync()).End);
        await connection.ResetByPeerAsync();
        await connection.SetReadingAsync(true);
        await connection.AssertBrokenAsync(SocketError.ConnectionReset);
    }

    // Linux tells the end before the reset that follows it, to one who reads: both are true. Neither is told twice.
    [Theory, EitherOrigin(false, true)]
    public async Task An_end_and_a_reset_behind_it_that_nobody_read_are_told_once_at_most(Origin origin, bool hasBytes)
    {
        Connection connection = await ConnectAsync(origin);
        byte[] bytes = hasBytes ? Bytes.Random(1000) : [];
        await connection.Peer.SendAsync(bytes);
        connection.Peer.End();
        await connection.UntilPeerEndedAsync();
        await connection.ResetByPeerAsync();
        await connection.SetReadingAsync(true);
        await connection.Probe.UntilAsync(
            () => connection.Probe.Has(ProbeEventKind.InputShutdown) || connection.Probe.Has(ProbeEventKind.Inactive), "the end or the error");
        await SettleAsync();
        await SendAsync(connection, new byte[1000]); // finds it, if nothing else did
        await connection.Probe.UntilAsync(ProbeEventKind.Inactive);
        Bytes.AssertPrefix(bytes, connection.Probe.Received);
        Assert.InRange(connection.Probe.Count(ProbeEventKind.InputShutdown), 0, 1);
        Assert.Equal(1, connection.Probe.Count(ProbeEventKind.Exception));
        Assert.Equal(1, connection.Probe.Count(ProbeEventKind.Inactive));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_reset_while_bytes_pour_in_and_out_is_told_once(bool isReading)
    {
        for (int i = 0; i < 20; i++)
        {
            Connection connection = await ConnectAsync(i % 2 == 0 ? Origin.Accepted : Origin.Dialled);
            byte[] bytes = Bytes.Random(2 << 20, seed: i);
            await connection.Loop.CallAsync(new RandomSender(connection.Socket, Pool, bytes, seed: i).Start);
            await connection.SetReadingAsync(isReading);
            await connection.Peer.SendAsync(bytes.AsMemory(0, 50_000));
            Bytes.AssertPrefix(bytes, await connection.Peer.ReceiveAsync(20_000 * i));
            connection.Peer.Reset();
            await connection.SetReadingAsync(true);
            await connection.AssertBrokenAsync(SocketError.ConnectionReset, SocketError.Shutdown);
        }
    }
}
