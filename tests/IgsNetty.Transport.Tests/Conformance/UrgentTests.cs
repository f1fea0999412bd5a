using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>A byte that the peer sends as urgent (MSG_OOB) has its place in the stream like any other, and stops nothing.</summary>
public abstract class UrgentTests : TransportTests
{
    [Theory, EitherOrigin(false, true)]
    public async Task An_urgent_byte_arrives_in_its_place(Origin origin, bool isReading)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.SetReadingAsync(isReading);
        await connection.Peer.SendAsync("GET"u8.ToArray());
        connection.Peer.SendUrgent("!"u8);
        await connection.Peer.SendAsync("/rest"u8.ToArray());
        await connection.SetReadingAsync(true);
        await AssertArrivesAsync(connection, "GET!/rest"u8.ToArray());
    }

    // A read ends at the mark and fills no buffer, and nothing comes that would start another one.
    [Theory, EitherOrigin(false, true)]
    public async Task What_follows_an_urgent_byte_in_one_segment_is_read(Origin origin, bool isReading)
    {
        for (int i = 0; i < 10; i++)
        {
            Connection connection = await ConnectAsync(origin);
            await connection.SetReadingAsync(isReading);
            await SettleAsync();
            using (await LoopHold.BeginAsync(Loop))
            {
                connection.Peer.SendTogether("abc"u8, "!"u8, "def"u8);
                await connection.UntilUnreadAsync(7);
            }

            await connection.SetReadingAsync(true);
            await AssertArrivesAsync(connection, "abc!def"u8.ToArray());
        }
    }

    [Theory, EitherOrigin]
    public async Task What_follows_an_urgent_byte_is_read_by_one_who_asks_for_each_buffer(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        connection.Peer.SendTogether("abc"u8, "!"u8, "def"u8);
        await connection.UntilUnreadAsync(7);
        connection.Probe.On = (context, told) =>
        {
            if (told.Kind == ProbeEventKind.ReadComplete)
            {
                context.Read();
            }
        };
        await connection.ReadOnceAsync();
        await AssertArrivesAsync(connection, "abc!def"u8.ToArray());
    }

    [Theory, EitherOrigin]
    public async Task Many_urgent_bytes_among_others_lose_nothing(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.SetReadingAsync(true);
        byte[] bytes = Bytes.Random(100_000);
        Random random = new(5);
        for (int done = 0; done < bytes.Length;)
        {
            int count = Math.Min(random.Next(1, 3000), bytes.Length - done);
            await connection.Peer.SendAsync(bytes.AsMemory(done, count - 1));
            connection.Peer.SendUrgent(bytes.AsSpan(done + count - 1, 1));
            done += count;
        }

        await AssertArrivesAsync(connection, bytes);
    }

    [Theory, EitherOrigin]
    public async Task An_end_behind_an_urgent_byte_is_told(Origin origin)
    {
        Connection connection = await ConnectAsync(origin);
        await connection.SetReadingAsync(true);
        connection.Peer.SendUrgent("!"u8);
        connection.Peer.End();
        await connection.Probe.UntilAsync(ProbeEventKind.InputShutdown);
        Bytes.AssertSame("!"u8.ToArray(), connection.Probe.Received);
    }

    private static async Task AssertArrivesAsync(Connection connection, byte[] bytes)
    {
        await connection.Probe.UntilReceivedAsync(bytes.Length);
        Bytes.AssertSame(bytes, connection.Probe.Received);
    }
}
