using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>What comes around a read: the end of its batch, once, and the switch of reading from anywhere.</summary>
public abstract class ReadCompleteTests : TransportTests
{
    [Theory, EitherOrigin]
    public async Task Each_batch_ends_once_and_nothing_ends_that_did_not_begin(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.SetReadingAsync(true);
        for (int i = 0; i < 50; i++)
        {
            long before = connection.Probe.ReceivedBytes;
            int size = i % 3 == 0 ? 1 : i * 3000;
            await connection.Peer.SendAsync(new byte[size]);
            await connection.Probe.UntilReceivedAsync(before + size);
            await connection.SetReadingAsync(i % 5 > 0);
            await connection.SetReadingAsync(true);
        }

        connection.Peer.End();
        await connection.Probe.UntilAsync(ProbeEventKind.InputShutdown);
        await SettleAsync();
        AssertBatches(connection.Probe);
    }

    [Theory, EitherOrigin]
    public async Task Explicit_reads_end_their_batch_once_too(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        for (int i = 1; i <= 50; i++)
        {
            await connection.ReadOnceAsync();
            await connection.ReadOnceAsync(); // asked for twice, it is one
            await connection.Peer.SendAsync(new byte[i]);
            int batch = i;
            await connection.Probe.UntilAsync(() => connection.Probe.Count(ProbeEventKind.ReadComplete) == batch, "a batch");
        }

        await SettleAsync();
        AssertBatches(connection.Probe);
        Assert.Equal(50, connection.Probe.Count(ProbeEventKind.ReadComplete));
    }

    [Theory, EitherOrigin]
    public async Task Reading_switched_from_other_threads_all_the_time_loses_nothing(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        byte[] bytes = Bytes.Random(6 << 20);
        bool ended = false;
        Task[] switching = [.. Enumerable.Range(0, 2).Select(number => Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; !Volatile.Read(ref ended); i++)
                {
                    connection.Channel.Configuration.AutoRead = (i + number) % 2 == 0;
                    if (i % 3 == 0)
                    {
                        connection.Channel.Read();
                    }

                    Thread.SpinWait(2_000);
                }
            },
            TaskCreationOptions.LongRunning))];
        try
        {
            await connection.Peer.SendAsync(bytes);
            await connection.Probe.UntilReceivedAsync(bytes.Length);
        }
        finally
        {
            Volatile.Write(ref ended, true);
        }

        await Task.WhenAll(switching).InTime();
        await connection.SetReadingAsync(true);
        connection.Peer.End();
        await connection.Probe.UntilAsync(ProbeEventKind.InputShutdown);
        Bytes.AssertSame(bytes, connection.Probe.Received);
        AssertBatches(connection.Probe);
    }

    [Theory, EitherOrigin]
    public async Task Reading_turned_off_on_another_thread_stops_and_can_be_turned_on_there(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        for (int i = 1; i <= 20; i++)
        {
            connection.Channel.Configuration.AutoRead = true;
            await connection.Peer.SendAsync(new byte[100]);
            await connection.Probe.UntilReceivedAsync((i * 200) - 100);
            connection.Channel.Configuration.AutoRead = false;
            await connection.Loop.CallAsync(() => { });
            await connection.Peer.SendAsync(new byte[100]);
            await connection.UntilUnreadAsync(100);
            await SettleAsync();
            Assert.Equal((i * 200) - 100, connection.Probe.ReceivedBytes);
            connection.Channel.Configuration.AutoRead = true;
            await connection.Probe.UntilReceivedAsync(i * 200);
        }

        AssertBatches(connection.Probe);
    }

    // A batch has one end; there is none between two ends but at the end of the peer's direction.
    private static void AssertBatches(Probe probe)
    {
        ProbeEventKind last = ProbeEventKind.Active;
        foreach (ProbeEvent told in probe.Events)
        {
            bool isGood = told.Kind switch
            {
                ProbeEventKind.ReadComplete => last == ProbeEventKind.Read,
                ProbeEventKind.Read => true,
                _ => last != ProbeEventKind.Read,
            };
            Assert.True(isGood, $"{told} behind {last}");
            last = told.Kind;
        }
    }
}
