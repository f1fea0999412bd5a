using IgsNetty.TestKit.Buffers;
using IgsNetty.Transport;
using IgsNetty.Transport.Tls;
using Xunit;

namespace IgsNetty.Relay.Tests.Tls;

/// <summary>What is sent: in one piece, never more than one waiting send, close_notify before the end.</summary>
public abstract class TlsSocketOutputTests(TlsEngineKind engine) : TlsTest(engine), IByteOutputListener
{
    private int _told;

    void IByteOutputListener.OnSent(int bytes) => _told += bytes;

    [Theory]
    [MemberData(nameof(Roles))]
    public void What_is_sent_at_once_leaves_in_one_send(bool dialled)
    {
        Establish(dialled);
        byte[] large = RandomBytes.Make(1, 256 * 1024);
        int sends = Socket.Output.Sends;
        Assert.Equal(large.Length, Tls.Send(Holding(large)));
        Assert.Equal(sends + 1, Socket.Output.Sends);
        Assert.Equal(5, Tls.TrySend([1, 2, 3, 4, 5]));
        Carry();
        Assert.Equal([.. large, 1, 2, 3, 4, 5], Peer.TakeRead());
        Assert.Equal(0, Tls.PendingBytes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70_000)]
    public void A_full_socket_takes_what_was_encrypted_later_and_in_order(int room)
    {
        Establish(dialled: true);
        Tls.OutputListener = this;
        byte[] large = RandomBytes.Make(2, 100_000);
        Socket.Output.Room = room;
        Assert.Equal(0, Tls.Send(Holding(large)));
        Assert.True(Tls.PendingBytes > 0);
        Assert.Equal(0, Tls.TrySend([1]));
        Assert.Equal(0, Tls.Send(Holding([7, 8])));
        Socket.Output.Drain(5_000);
        Socket.Output.Drain(long.MaxValue);
        Assert.Equal(0, Tls.PendingBytes);
        Assert.True(_told > 0);
        Assert.Equal(1, Tls.TrySend([9]));
        Carry();
        Assert.Equal([.. large, 7, 8, 9], Peer.TakeRead());
    }

    [Fact]
    public void Part_of_an_offer_may_wait()
    {
        Establish(dialled: false);
        Socket.Output.Room = 10;
        Assert.Equal(1000, Tls.TrySend(RandomBytes.Make(1, 1000)));
        Assert.True(Tls.PendingBytes > 0);
        Socket.Output.Drain(long.MaxValue);
        Carry();
        Assert.Equal(RandomBytes.Make(1, 1000), Peer.TakeRead());
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public void The_end_is_close_notify_and_then_FIN(bool dialled)
    {
        Establish(dialled);
        Tls.Send(Holding([1, 2]));
        Tls.ShutdownOutput();
        Assert.True(Socket.IsOutputShut);
        Carry();
        Assert.True(Peer.HasEnded);
        Assert.Equal([1, 2], Peer.TakeRead());

        // The other direction goes on.
        Receive(Peer.Write([3]));
        Assert.Equal([3], Above.Take());
    }

    [Fact]
    public void FIN_waits_for_what_is_pending()
    {
        Establish(dialled: true);
        Socket.Output.Room = 5;
        Tls.Send(Holding(RandomBytes.Make(1, 50_000)));
        Tls.ShutdownOutput();
        Tls.ShutdownOutput();
        Assert.False(Socket.IsOutputShut);
        Socket.Output.Drain(long.MaxValue);
        Assert.True(Socket.IsOutputShut);
        Carry();
        Assert.True(Peer.HasEnded);
    }

    [Fact]
    public void Nothing_is_sent_before_the_handshake_or_after_the_end()
    {
        Begin(dialled: false);
        Assert.Equal(0, Tls.TrySend([1]));
        Tls.Send(Holding([1]));
        Assert.Empty(Sent());
        Carry();
        Tls.ShutdownOutput();
        Carry();
        Assert.Equal(0, Tls.TrySend([1]));
        Tls.Send(Holding([1]));
        Assert.Empty(Sent());
        Assert.Empty(Peer.TakeRead());
    }

    [Fact]
    public void A_closed_socket_takes_buffers_and_nothing_else()
    {
        Establish(dialled: true);
        Tls.Abort();
        Loop.RunTasks();
        Assert.True(Socket.IsAborted);
        Tls.Send(Holding([1]));
        Assert.Equal(0, Tls.TrySend([1]));
        Tls.ShutdownOutput();
    }
}
