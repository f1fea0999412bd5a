using System.Numerics;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>The buffers and batches in which a socket's bytes come.</summary>
public abstract class ReadBatchTests : TransportTests
{
    private const int MostPerTurn = 256 * 1024;
    private const int Plenty = 4 << 20;

    [Theory, EitherOrigin]
    public async Task Every_batch_has_its_end_and_a_bound(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.SetReadingAsync(true);
        await connection.Peer.SendAsync(Bytes.Random(Plenty));
        connection.Peer.End();
        await connection.Probe.UntilAsync(ProbeEventKind.InputShutdown);

        int batch = 0;
        foreach (ProbeEvent told in connection.Probe.Events)
        {
            if (told.Kind == ProbeEventKind.Read)
            {
                Assert.InRange(told.Bytes, 1, MostReceiveBytes);
                batch += told.Bytes;
                Assert.InRange(batch, 1, MostPerTurn + MostReceiveBytes);
            }
            else if (told.Kind == ProbeEventKind.ReadComplete)
            {
                batch = 0;
            }
            else
            {
                Assert.Equal(0, batch);
            }
        }

        Assert.Equal(Plenty, connection.Probe.ReceivedBytes);
    }

    [Theory, EitherOrigin]
    public async Task A_read_for_which_there_is_no_memory_is_made_later(Origin origin)
    {
        const int Count = 10_000;
        Connection connection = await ConnectAsync(origin);
        Pool.IsEmpty = true;
        await connection.Peer.SendAsync(Bytes.Random(Count));
        await connection.SetReadingAsync(true);
        await Waiting.UntilAsync(() => Pool.Refused > 1);
        Pool.IsEmpty = false;

        await connection.Probe.UntilReceivedAsync(Count);
        Bytes.AssertSame(Bytes.Random(Count), connection.Probe.Received);
        await connection.Peer.SendAsync(Bytes.Random(Count));
        await connection.Probe.UntilReceivedAsync(2 * Count);
    }

    [Theory, EitherOrigin]
    public async Task A_buffer_is_a_power_of_two_with_room_for_a_frame_header_in_front(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        List<(int Start, int Capacity, bool HasArray)> buffers = [];
        connection.Probe.Inspect = buffer => buffers.Add((buffer.ReaderIndex, buffer.Capacity, buffer.HasArray));
        await connection.SetReadingAsync(true);
        await connection.Peer.SendAsync(Bytes.Random(Plenty));
        await connection.Probe.UntilReceivedAsync(Plenty);
        Assert.All(buffers, buffer =>
        {
            Assert.Equal(Headroom, buffer.Start);
            Assert.True(BitOperations.IsPow2(buffer.Capacity));
            Assert.InRange(buffer.Capacity, 2048, MostReceiveBytes);
            Assert.True(buffer.HasArray);
        });
        Assert.Contains(buffers, buffer => buffer.Capacity == MostReceiveBytes);
    }

    [Theory, EitherOrigin]
    public async Task Buffers_are_small_while_memory_is_short(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        int largest = 0;
        connection.Probe.Inspect = buffer => largest = Math.Max(largest, buffer.Capacity);
        IsMemoryShort = true;
        await connection.SetReadingAsync(true);
        await connection.Peer.SendAsync(Bytes.Random(Plenty / 8));
        await connection.Probe.UntilReceivedAsync(Plenty / 8);
        Assert.Equal(2048, largest);

        IsMemoryShort = false;
        await connection.Peer.SendAsync(Bytes.Random(Plenty));
        await connection.Probe.UntilReceivedAsync((Plenty / 8) + Plenty);
        Assert.Equal(MostReceiveBytes, largest);
    }

    [Theory, EitherOrigin]
    public async Task A_busy_socket_leaves_the_others_of_its_loop_their_turn(Origin origin)
    {
        Connection busy = await ConnectAsync(origin);
        Connection other = await ConnectAsync(origin);
        await busy.SetReadingAsync(true);
        using CancellationTokenSource enough = new();
        Task sending = Task.Run(async () =>
        {
            byte[] bytes = new byte[Plenty];
            while (!enough.IsCancellationRequested)
            {
                await busy.Peer.SendAsync(bytes);
            }
        });
        await busy.Probe.UntilReceivedAsync(Plenty);
        for (int i = 0; i < 20; i++)
        {
            await AssertWorksAsync(other, seed: i);
        }

        await enough.CancelAsync();
        await sending.InTime();
        await busy.CloseAsync();
    }
}
