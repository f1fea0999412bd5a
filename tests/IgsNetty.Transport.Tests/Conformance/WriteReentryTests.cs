using DotNetty.Transport.Channels;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>
/// Writes from inside what a channel tells while it takes sent bytes off its queue: of its room, and of a write that is
/// done. Bytes that were sent but are still in the queue, or in a list that channels share, must not go out again.
/// </summary>
public abstract class WriteReentryTests : TransportTests
{
    private const int Total = 8 << 20;

    [Theory, InlineData(false), InlineData(true)]
    public async Task Writes_from_within_a_change_of_writability(bool onAnother)
    {
        (Connection connection, Connection other) = await OpenAsync();
        byte[] bytes = Bytes.Random(Total);
        byte[] aside = Bytes.Random(Total / 10, seed: 2);
        Writability told = new();
        int next = 0;
        int nextAside = 0;
        void WriteMore(IChannel channel)
        {
            while (onAnother && nextAside < aside.Length && other.Channel.IsWritable)
            {
                Write(other.Channel, aside, ref nextAside);
            }

            other.Channel.Flush();
            while (channel.IsWritable && next < bytes.Length)
            {
                Write(channel, bytes, ref next);
            }

            channel.Flush();
        }

        told.On = WriteMore;
        await Loop.CallAsync(() =>
        {
            connection.Channel.Pipeline.AddFirst(told);
            WriteMore(connection.Channel);
        });
        await AssertComesAsync(connection, bytes);
        Bytes.AssertSame(aside.AsMemory(0, nextAside), await other.Peer.ReceiveAsync(nextAside));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Writes_from_within_the_end_of_a_write(bool onAnother)
    {
        const int Piece = 30_000;
        (Connection connection, Connection other) = await OpenAsync();
        byte[] bytes = Bytes.Random(Total);
        byte[] aside = Bytes.Random(Total, seed: 2);
        int next = 0;
        int nextAside = 0;
        void WriteNext()
        {
            if (next == bytes.Length)
            {
                return;
            }

            int count = Math.Min(Piece, bytes.Length - next);
            next += count;
            Task done = connection.Channel.WriteAndFlushAsync(Pool.Holding(bytes.AsSpan(next - count, count)));
            done.ContinueWith(_ => OnDone(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        void OnDone()
        {
            if (!Loop.InEventLoop)
            {
                Loop.Execute(OnDone); // the runtime moves a continuation to the pool when the stack is deep
                return;
            }

            if (onAnother && other.Channel.IsWritable)
            {
                Write(other.Channel, aside, ref nextAside);
                other.Channel.Flush();
            }

            WriteNext();
        }

        await Loop.CallAsync(() =>
        {
            for (int i = 0; i < 20; i++)
            {
                WriteNext();
            }
        });
        await AssertComesAsync(connection, bytes);
        int sentAside = await Loop.CallAsync(() => nextAside);
        Bytes.AssertSame(aside.AsMemory(0, sentAside), await other.Peer.ReceiveAsync(sentAside));
    }

    private static async Task AssertComesAsync(Connection connection, byte[] bytes)
    {
        Bytes.AssertSame(bytes, await connection.Peer.ReceiveAsync(bytes.Length, atOnce: 30_000));
        await connection.CloseAsync();
        Assert.Empty((await connection.Peer.ReceiveAllAsync()).Bytes);
    }

    private async Task<(Connection Connection, Connection Other)> OpenAsync()
    {
        Connection connection = await DialAsync(peerBuffer: 16 * 1024);
        Connection other = await DialAsync();
        connection.LimitSendBuffer(16 * 1024);
        return (connection, other);
    }

    private void Write(IChannel channel, byte[] bytes, ref int next)
    {
        int count = Math.Min(7_000, bytes.Length - next);
        _ = channel.WriteAsync(Pool.Holding(bytes.AsSpan(next, count)));
        next += count;
    }
}
