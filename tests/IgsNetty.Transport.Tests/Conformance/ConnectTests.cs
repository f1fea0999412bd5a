using System.Net;
using System.Net.Sockets;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>Dialling, and every way it can fail: with its error, and no socket left open.</summary>
public abstract class ConnectTests : TransportTests
{
    public static TheoryData<string> Addresses => ["127.0.0.1", "::1"];

    [Theory, MemberData(nameof(Addresses))]
    public async Task A_dialled_connection_carries_bytes_both_ways(string address) =>
        await AssertWorksAsync(await DialAsync(IPAddress.Parse(address)));

    [Fact]
    public async Task A_dialled_socket_lives_on_the_given_loop_with_reading_off_and_knows_both_ends()
    {
        foreach (IEventLoop loop in Transport.Loops)
        {
            Connection connection = await DialAsync(loop: loop);
            Assert.Same(loop, connection.Channel.EventLoop);
            Assert.True(connection.Channel.Registered);
            Assert.True(connection.Channel.Active);
            Assert.False(connection.Channel.Configuration.AutoRead);
            Assert.Same(Pool.Allocator, connection.Channel.Allocator);
            Assert.Equal(connection.Peer.Local, connection.Channel.RemoteAddress);
            Assert.NotEqual(0, Assert.IsType<IPEndPoint>(connection.Channel.LocalAddress).Port);
        }
    }

    [Theory, MemberData(nameof(Addresses))]
    public async Task A_refused_connection_is_told_as_that(string address)
    {
        IPEndPoint local = Loopback(IPAddress.Parse(address));
        Socket holder = PlainSocket(local.AddressFamily); // holds the port and does not listen
        holder.Bind(local);
        await AssertFailsAsync(SocketError.ConnectionRefused, (IPEndPoint)holder.LocalEndPoint!);
    }

    // No packet leaves: the kernel refuses to dial a group by itself (tcp_v4_connect, tcp_v6_connect).
    [LinuxFact]
    public Task An_unreachable_IPv4_address_is_told_as_that() =>
        AssertFailsAsync(SocketError.NetworkUnreachable, new IPEndPoint(IPAddress.Parse("224.0.0.1"), 9));

    [LinuxFact]
    public Task An_unreachable_IPv6_address_is_told_as_that() =>
        AssertFailsAsync(SocketError.NetworkUnreachable, new IPEndPoint(IPAddress.Parse("ff01::1"), 9));

    [Fact]
    public async Task A_token_that_is_cancelled_before_ends_the_attempt()
    {
        Socket listener = PlainListener();
        int sockets = Descriptors.CountSockets();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Transport.ConnectAsync((IPEndPoint)listener.LocalEndPoint!, Loop, new CancellationToken(canceled: true)).InTime());
        await Descriptors.UntilSocketsAsync(sockets);
    }

    [Fact]
    public async Task Attempts_that_get_no_answer_end_when_they_are_cancelled()
    {
        using SilentPort silent = await SilentPort.OpenAsync();
        int sockets = Descriptors.CountSockets();
        using CancellationTokenSource source = new();
        Task<IStreamSocket>[] attempts = [.. Enumerable.Range(0, 20).Select(
            i => Transport.ConnectAsync(silent.Address, Transport.Loops[i % Transport.Loops.Count], source.Token))];
        await SettleAsync();
        Assert.DoesNotContain(attempts, attempt => attempt.IsCompleted);

        await source.CancelAsync();
        foreach (Task<IStreamSocket> attempt in attempts)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => attempt.InTime());
        }

        await Descriptors.UntilSocketsAsync(sockets + 2); // the heartbeat's
    }

    [Fact]
    public async Task A_token_that_is_cancelled_afterwards_changes_nothing()
    {
        Socket listener = PlainListener();
        using CancellationTokenSource source = new();
        Task<Socket> accepting = listener.AcceptAsync();
        IStreamSocket socket = await Transport.ConnectAsync((IPEndPoint)listener.LocalEndPoint!, Loop, source.Token).InTime();
        Connection connection = new(socket, new Probe(), new Peer(await accepting.InTime()));
        await Loop.CallAsync(() => { socket.Channel.Pipeline.AddLast(connection.Probe); });
        await source.CancelAsync();
        await AssertWorksAsync(connection);
        await connection.CloseAsync();
        connection.Peer.Dispose();
    }

    [Fact]
    public async Task A_cancellation_at_any_moment_gives_a_socket_or_leaves_none()
    {
        Socket listener = PlainListener();
        IPEndPoint address = (IPEndPoint)listener.LocalEndPoint!;
        int sockets = Descriptors.CountSockets();
        Random random = new(5);
        for (int i = 0; i < 200; i++)
        {
            using CancellationTokenSource source = new();
            Task<IStreamSocket> attempt = Transport.ConnectAsync(address, Loop, source.Token);
            Thread.SpinWait(random.Next(20_000));
            await source.CancelAsync();
            try
            {
                IStreamSocket socket = await attempt.InTime();
                Assert.True(socket.Channel.Active);
                await socket.Channel.CloseAsync().InTime();
            }
            catch (OperationCanceledException)
            {
                // The other half of the deal.
            }
        }

        await Descriptors.UntilSocketsAsync(sockets);
    }

    private async Task AssertFailsAsync(SocketError expected, IPEndPoint address)
    {
        int sockets = Descriptors.CountSockets();
        for (int i = 0; i < 10; i++)
        {
            SocketException error = await Assert.ThrowsAsync<SocketException>(
                () => Transport.ConnectAsync(address, Loop, CancellationToken.None).InTime());
            Assert.Equal(expected, error.SocketErrorCode);
        }

        await Descriptors.UntilSocketsAsync(sockets);
    }
}
