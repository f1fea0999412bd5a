using System.Net.Sockets;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>Bytes before a reset that nobody reads: a channel whose output is broken waits for its reader for a while only.</summary>
public abstract class UnreadPatienceTests : TransportTests
{
    private protected override TimeSpan? UnreadPatience => TimeSpan.FromMilliseconds(20);

    [Theory, EitherOrigin]
    public async Task A_reset_behind_bytes_that_nobody_reads_is_told_when_the_patience_ends(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.Peer.SendAsync(new byte[50]);
        await connection.UntilUnreadAsync(50);
        await connection.ResetByPeerAsync();
        await SendAsync(connection, new byte[1000]);
        await connection.AssertBrokenAsync(SocketError.ConnectionReset, SocketError.Shutdown);
        Assert.Equal(0, connection.Probe.ReceivedBytes);
    }
}
