using DotNetty.Transport.Channels;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>When a socket reads and when it does not.</summary>
public abstract class ReadingTests : TransportTests
{
    private const int Plenty = 1 << 20;

    [Theory, EitherOrigin]
    public async Task Nothing_is_read_until_reading_is_turned_on(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        byte[] bytes = Bytes.Random(1000);
        await connection.Peer.SendAsync(bytes);
        await connection.UntilUnreadAsync(bytes.Length);
        await SettleAsync();
        Assert.DoesNotContain(connection.Probe.Events, e => e.Kind != ProbeEventKind.Active);

        await connection.SetReadingAsync(true);
        await connection.Probe.UntilReceivedAsync(bytes.Length);
        Bytes.AssertSame(bytes, connection.Probe.Received);
    }

    [Theory, EitherOrigin]
    public async Task Reading_turned_off_while_idle_delivers_nothing_more(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.SetReadingAsync(true);
        await SettleAsync();
        await connection.SetReadingAsync(false);
        await connection.Peer.SendAsync(new byte[100]);
        await connection.UntilUnreadAsync(100);
        await SettleAsync();
        Assert.Equal(0, connection.Probe.ReceivedBytes);
        await connection.SetReadingAsync(true);
        await connection.Probe.UntilReceivedAsync(100);
    }

    [Theory, EitherOrigin]
    public async Task Reading_turned_off_in_the_middle_of_a_batch_stops_with_that_buffer(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        Task sending = connection.Peer.SendAsync(Bytes.Random(Plenty));
        await connection.UntilUnreadAsync(MostReceiveBytes);
        const int Last = 3;
        connection.Probe.On = (context, told) =>
        {
            if (told.Kind == ProbeEventKind.Read && connection.Probe.Count(ProbeEventKind.Read) == Last)
            {
                context.Channel.Configuration.AutoRead = false;
            }
        };
        await connection.SetReadingAsync(true);
        await connection.Probe.UntilAsync(
            () => connection.Probe.Count(ProbeEventKind.Read) >= Last && connection.Probe.Events[^1].Kind == ProbeEventKind.ReadComplete,
            "the end of the batch");
        await SettleAsync();
        Assert.Equal(Last, connection.Probe.Count(ProbeEventKind.Read));
        Assert.Equal(ProbeEventKind.ReadComplete, connection.Probe.Events[^1].Kind);

        await connection.SetReadingAsync(true);
        await sending.InTime();
        await connection.Probe.UntilReceivedAsync(Plenty);
        Bytes.AssertSame(Bytes.Random(Plenty), connection.Probe.Received);
    }

    [Theory, EitherOrigin]
    public async Task Turned_off_after_every_buffer_and_on_again_later_nothing_is_lost(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        IChannel channel = connection.Channel;
        bool isOff = false;
        bool readWhileOff = false;
        connection.Probe.On = (_, told) =>
        {
            if (told.Kind == ProbeEventKind.Read)
            {
                readWhileOff |= isOff;
                isOff = true;
                channel.Configuration.AutoRead = false;
                channel.EventLoop.Execute(() =>
                {
                    isOff = false;
                    channel.Configuration.AutoRead = true;
                });
            }
        };
        byte[] bytes = Bytes.Random(2 * Plenty);
        await connection.SetReadingAsync(true);
        Task sending = connection.Peer.SendAsync(bytes);
        await connection.Probe.UntilReceivedAsync(bytes.Length);
        await sending.InTime();
        Bytes.AssertSame(bytes, connection.Probe.Received);
        Assert.False(readWhileOff);
    }

    [Theory, EitherOrigin]
    public async Task Turned_off_and_on_within_a_read_nothing_is_lost(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        connection.Probe.On = (context, told) =>
        {
            if (told.Kind == ProbeEventKind.Read)
            {
                context.Channel.Configuration.AutoRead = false;
                context.Channel.Configuration.AutoRead = true;
            }
        };
        byte[] bytes = Bytes.Random(2 * Plenty);
        await connection.SetReadingAsync(true);
        await connection.Peer.SendAsync(bytes);
        connection.Peer.End();
        await connection.Probe.UntilAsync(ProbeEventKind.InputShutdown);
        Bytes.AssertSame(bytes, connection.Probe.Received);
        await SettleAsync();
        Assert.Equal(1, connection.Probe.Count(ProbeEventKind.InputShutdown));
    }

    [Theory, EitherOrigin]
    public async Task An_explicit_read_reads_one_batch(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        Task sending = connection.Peer.SendAsync(Bytes.Random(Plenty));
        await connection.UntilUnreadAsync(MostReceiveBytes);
        for (int batch = 1; batch <= 3; batch++)
        {
            await connection.ReadOnceAsync();
            await connection.Probe.UntilAsync(() => connection.Probe.Count(ProbeEventKind.ReadComplete) == batch, "a batch");
            await SettleAsync();
            Assert.Equal(batch, connection.Probe.Count(ProbeEventKind.ReadComplete));
            Assert.Equal(batch, connection.Probe.Count(ProbeEventKind.Read)); // one buffer: reading is off
        }

        await connection.SetReadingAsync(true);
        await sending.InTime();
        await connection.Probe.UntilReceivedAsync(Plenty);
        Bytes.AssertSame(Bytes.Random(Plenty), connection.Probe.Received);
    }

    [Theory, EitherOrigin]
    public async Task An_explicit_read_waits_for_bytes_and_the_next_ones_wait_for_a_read(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.ReadOnceAsync();
        await SettleAsync();
        Assert.Equal(0, connection.Probe.Count(ProbeEventKind.ReadComplete));
        await connection.Peer.SendAsync(new byte[10]);
        await connection.Probe.UntilAsync(ProbeEventKind.ReadComplete);
        Assert.Equal(10, connection.Probe.ReceivedBytes);

        await connection.Peer.SendAsync(new byte[10]);
        await connection.UntilUnreadAsync(10);
        await SettleAsync();
        Assert.Equal(10, connection.Probe.ReceivedBytes);
    }

    [Theory, EitherOrigin]
    public async Task Explicit_reads_from_within_the_batches_end_read_everything(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        connection.Probe.On = (context, told) =>
        {
            if (told.Kind == ProbeEventKind.ReadComplete)
            {
                context.Read();
            }
        };
        byte[] bytes = Bytes.Random(Plenty);
        await connection.ReadOnceAsync();
        await connection.Peer.SendAsync(bytes);
        connection.Peer.End();
        await connection.Probe.UntilAsync(ProbeEventKind.InputShutdown);
        Bytes.AssertSame(bytes, connection.Probe.Received);
        await SettleAsync();
        Assert.Equal(1, connection.Probe.Count(ProbeEventKind.InputShutdown));
    }

    [Theory, EitherOrigin]
    public async Task Explicit_reads_from_within_each_read_read_everything(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        connection.Probe.On = (context, told) =>
        {
            if (told.Kind == ProbeEventKind.Read)
            {
                context.Read();
            }
        };
        byte[] bytes = Bytes.Random(Plenty);
        await connection.ReadOnceAsync();
        await connection.Peer.SendAsync(bytes);
        connection.Peer.End();
        await connection.Probe.UntilAsync(ProbeEventKind.InputShutdown);
        Bytes.AssertSame(bytes, connection.Probe.Received);
    }

    // An allocator of DotNetty's counts the reads of a batch, so that one peer does not keep the loop.
    [Theory, EitherOrigin]
    public async Task A_batch_ends_after_as_many_reads_as_the_allocator_allows(Origin origin)
    {
        const int Batches = 3;
        const int ReadsPerBatch = 4;
        const int BytesPerRead = 8;
        Connection connection = await ConnectAsync(origin);
        connection.Channel.Configuration.RecvByteBufAllocator =
            new FixedRecvByteBufAllocator(BytesPerRead) { MaxMessagesPerRead = ReadsPerBatch };
        await connection.Peer.SendAsync(Bytes.Random(Batches * ReadsPerBatch * BytesPerRead));
        await connection.UntilUnreadAsync(Batches * ReadsPerBatch * BytesPerRead);
        await connection.SetReadingAsync(true);
        await connection.Probe.UntilReceivedAsync(Batches * ReadsPerBatch * BytesPerRead);
        await SettleAsync();
        Assert.Equal(Batches * ReadsPerBatch, connection.Probe.Count(ProbeEventKind.Read));
        Assert.Equal(Batches, connection.Probe.Count(ProbeEventKind.ReadComplete));
    }

    [Theory, EitherOrigin]
    public async Task A_handler_that_closes_the_channel_in_the_middle_of_a_batch_gets_no_more(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        Task sending = connection.Peer.SendAsync(Bytes.Bulk);
        await connection.UntilUnreadAsync(MostReceiveBytes);
        connection.Probe.On = (context, told) =>
        {
            if (told.Kind == ProbeEventKind.Read)
            {
                context.CloseAsync();
            }
        };
        await connection.SetReadingAsync(true);
        await connection.Probe.UntilAsync(ProbeEventKind.Inactive);
        Assert.Equal(1, connection.Probe.Count(ProbeEventKind.Read));
        Assert.Equal(0, connection.Probe.Count(ProbeEventKind.Exception));
        await Assert.ThrowsAnyAsync<Exception>(() => sending.InTime());
    }
}
