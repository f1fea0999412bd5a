using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Wire;
using IgsNetty.Transport.Tls;
using Xunit;

namespace IgsNetty.Relay.Tests.Tls;

/// <summary>Records that come in all ways a network can cut and join them, and how the input ends.</summary>
public abstract class TlsSocketInputTests(TlsEngineKind engine) : TlsTest(engine)
{
    [Theory]
    [MemberData(nameof(Roles))]
    public void A_handshake_in_single_bytes(bool dialled)
    {
        Begin(dialled);
        Carry(Splits.ByteByByte);
        Assert.Equal(["established"], Above.Events);
        Assert.Equal("TLS 1.3", Above.Session!.Protocol);
        Assert.Contains("AES_128_GCM", Above.Session.Cipher, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public void A_handshake_cut_in_two_at_many_places(bool dialled)
    {
        for (int cut = 1; cut < 700; cut += 23)
        {
            Begin(dialled);
            Carry(bytes => cut < bytes.Length ? [bytes[..cut], bytes[cut..]] : [bytes]);
            Assert.Equal(["established"], Above.Events);
        }
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public void Records_cut_in_two_at_every_place(bool dialled)
    {
        Establish(dialled);
        byte[] small = RandomBytes.Make(1, 100);
        byte[] more = RandomBytes.Make(2, 57);
        byte[] both = [.. small, .. more];
        int length = 1;
        for (int cut = 1; cut < length; cut++)
        {
            byte[] records = [.. Peer.Write(small), .. Peer.Write(more)];
            length = records.Length;
            Receive(records[..cut], records[cut..]);
            Assert.Equal(both, Above.Take());
        }

        Assert.True(length == 1 || length > 157);
        Assert.Equal(["established"], Above.Events);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    [InlineData(true, 3)]
    public void Many_records_in_random_pieces(bool dialled, int seed)
    {
        Establish(dialled);
        Random random = new(seed);
        for (int i = 0; i < 10; i++)
        {
            byte[] bytes = RandomBytes.Make(seed + i, random.Next(1, 200_000));
            Receive(Splits.AtRandom(Peer.Write(bytes), random, 40_000));
            Assert.Equal(bytes, Above.Take());
        }
    }

    [Fact]
    public void One_read_of_many_records_goes_on_in_one_piece()
    {
        Establish(dialled: true);
        byte[] bytes = RandomBytes.Make(5, 200_000);
        int before = Buffers.Allocations;
        Receive(Peer.Write(bytes));
        Assert.Equal(bytes, Above.Take());
        Assert.InRange(Buffers.Allocations - before, 1, 2); // the read itself, and what it is decrypted into
    }

    [Fact]
    public void What_comes_with_the_end_of_the_handshake_is_not_lost()
    {
        // The dialler's Finished and its first data in one read: TLS 1.3 lets it send both at once.
        byte[] first = RandomBytes.Make(3, 20_000);
        for (int cut = 0; cut < 300; cut += 19)
        {
            Begin(dialled: false);
            Receive(Peer.TakeRecords());
            Peer.Receive(Sent());
            byte[] records = [.. Peer.TakeRecords(), .. Peer.Write(first)];
            Receive(records[..cut], records[cut..]);
            Assert.Equal(["established", "data"], Above.Events);
            Assert.Equal(first, Above.Take());
        }
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public void Close_notify_is_the_end(bool dialled)
    {
        Establish(dialled);
        byte[] records = [.. Peer.Write([1, 2, 3]), .. Peer.Close()];
        Receive(records);
        Assert.Equal(["established", "data", "end"], Above.Events);
        Socket.ReceiveEnd();
        Loop.RunTasks();
        Assert.Equal(3, Above.Events.Count);
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public void An_end_without_close_notify_is_a_failure(bool dialled)
    {
        Establish(dialled);
        Receive(Peer.Write([1, 2, 3]));
        Socket.ReceiveEnd();
        Loop.RunTasks();
        Assert.Equal(["established", "data", "cut off: the connection ended without TLS close_notify"], Above.Events);
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public void An_end_in_the_handshake_says_so(bool dialled)
    {
        Begin(dialled);
        Socket.ReceiveEnd();
        Loop.RunTasks();
        Assert.StartsWith("the peer closed the connection during the TLS handshake", Assert.Single(Above.Events), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public void A_record_that_was_changed_on_the_way_fails(bool dialled)
    {
        Establish(dialled);
        byte[] good = Peer.Write([9]);
        byte[] changed = Peer.Write(RandomBytes.Make(1, 100));
        changed[^1] ^= 1;
        Receive(good, changed, Peer.Write([8]));
        Assert.Equal(["established", "data"], Above.Events.Take(2));
        Assert.StartsWith("TLS failed", Above.Events[2], StringComparison.Ordinal);
        Assert.Equal(3, Above.Events.Count);
    }

    [Theory]
    [InlineData(true, "GET / HTTP/1.0\r\n\r\n", "not TLS")]
    [InlineData(false, "SSH-2.0-x", "not TLS")]
    [InlineData(false, "\u0016\u0003\u0001\u007f\u007f", "bytes, which is more than there may be")]
    [InlineData(true, "\u0016\u0002", "not TLS")]
    public void What_is_no_TLS_is_told_at_once(bool dialled, string bytes, string part)
    {
        Begin(dialled);
        Receive(Splits.ByteByByte(System.Text.Encoding.Latin1.GetBytes(bytes)));
        Assert.Contains(part, Assert.Single(Above.Events), StringComparison.Ordinal);
    }
}
