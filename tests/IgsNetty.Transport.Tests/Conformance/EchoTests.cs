using System.Net.Sockets;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>Streams whose both ends are the transport's, there and back, each byte once and in its place.</summary>
public abstract class EchoTests : PairTests
{
    // With both ends on one loop and with two.
    [Theory, InlineData(0), InlineData(1), InlineData(2)]
    public async Task One_stream_comes_back_with_its_end(int loops) =>
        await EchoAsync(loops, Bytes.Random(10 << 20), isSlow: false, smallBuffers: false);

    [Fact]
    public async Task Many_streams_of_random_sizes_with_slow_readers_and_full_sockets()
    {
        const int Streams = 40;
        Random random = new(17);
        int[] sizes = [.. Enumerable.Range(0, Streams).Select(i => i % 4 == 0 ? random.Next(3_000_000) : random.Next(200_000))];
        await Task.WhenAll(sizes.Select((size, i) => EchoAsync(i, Bytes.Random(size, seed: i), isSlow: i % 2 == 0, smallBuffers: i % 3 == 0)));
    }

    [Fact]
    public async Task Streams_without_a_byte_have_an_end_too() =>
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => EchoAsync(i, [], isSlow: false, smallBuffers: false)));

    // Single bytes in lockstep: every one is an edge of its own, and a lost wake-up stops it.
    [Theory, InlineData(0), InlineData(1)]
    public async Task A_byte_at_a_time_never_stops(int loops)
    {
        const int Rounds = 1_000;
        (StreamEnd caller, StreamEnd callee) = await OpenAsync(loops);
        Echo echo = await Echo.BeginAsync(callee);
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int rounds = 0;
        string? fault = null;
        caller.Probe.Inspect = buffer =>
        {
            fault ??= buffer.ReadableBytes != 1 || buffer.GetByte(buffer.ReaderIndex) != (byte)rounds ? $"round {rounds}" : null;
            if (++rounds == Rounds)
            {
                done.SetResult();
            }
            else
            {
                caller.Socket.Send(Pool.Holding([(byte)rounds]));
            }
        };
        await caller.SetReadingAsync(true);
        await caller.Loop.CallAsync(() => caller.Socket.Send(Pool.Holding([0])));
        await done.Task.InTime("the last round");
        Assert.Null(fault);
        Assert.Null(echo.Fault);
    }

    // Both send more than the sockets hold before either reads.
    [Fact]
    public async Task Both_ends_send_at_once_and_end_in_the_middle_of_the_others_stream()
    {
        (StreamEnd caller, StreamEnd callee) = await OpenAsync(1);
        byte[] there = Bytes.Random(9 << 20, seed: 1);
        byte[] back = Bytes.Random(3 << 20, seed: 2);
        await caller.Loop.CallAsync(new RandomSender(caller.Socket, Pool, there, seed: 3) { EndsOutput = true }.Start);
        await callee.Loop.CallAsync(new RandomSender(callee.Socket, Pool, back, seed: 4) { EndsOutput = true }.Start);
        await caller.SetReadingAsync(true);
        await callee.SetReadingAsync(true);
        await caller.Probe.UntilAsync(ProbeEventKind.InputShutdown);
        await callee.Probe.UntilAsync(ProbeEventKind.InputShutdown);
        Bytes.AssertSame(there, callee.Probe.Received);
        Bytes.AssertSame(back, caller.Probe.Received);
        AssertEndedWell(caller);
        AssertEndedWell(callee);
    }

    // What one end throws away at a reset is the other's error, whichever loop they are on.
    [Fact]
    public async Task An_abort_in_the_middle_is_the_other_ends_error()
    {
        for (int i = 0; i < 20; i++)
        {
            (StreamEnd caller, StreamEnd callee) = await OpenAsync(i);
            byte[] bytes = Bytes.Random(1 << 20, seed: i);
            await callee.SetReadingAsync(true);
            await caller.Loop.CallAsync(new RandomSender(caller.Socket, Pool, bytes, seed: i).Start);
            await callee.Probe.UntilReceivedAsync((i + 1) * 10_000);
            await caller.Loop.CallAsync(caller.Socket.Abort);
            await callee.Probe.UntilAsync(ProbeEventKind.Inactive);
            Bytes.AssertPrefix(bytes, callee.Probe.Received);
            Assert.False(callee.Probe.Has(ProbeEventKind.InputShutdown), callee.Probe.Describe());
            SocketException error = Assert.IsType<SocketException>(callee.Probe.Events.Single(e => e.Kind == ProbeEventKind.Exception).Error);
            Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
            Assert.Equal(0, caller.Probe.Count(ProbeEventKind.Exception));
        }
    }

    private async Task EchoAsync(int number, byte[] bytes, bool isSlow, bool smallBuffers)
    {
        (StreamEnd caller, StreamEnd callee) = await OpenAsync(number);
        if (smallBuffers)
        {
            caller.LimitSendBuffer(8 * 1024);
            callee.LimitSendBuffer(8 * 1024);
        }

        if (isSlow)
        {
            ReadSlowly(caller, new Random(number));
        }

        Echo echo = await Echo.BeginAsync(callee);
        RandomSender sender = new(caller.Socket, Pool, bytes, seed: number) { EndsOutput = true };
        await caller.SetReadingAsync(true);
        await caller.Loop.CallAsync(sender.Start);
        await caller.Probe.UntilAsync(ProbeEventKind.InputShutdown);
        Bytes.AssertSame(bytes, callee.Probe.Received);
        Bytes.AssertSame(bytes, caller.Probe.Received);
        AssertEndedWell(caller);
        AssertEndedWell(callee);
        await Waiting.UntilAsync(() => sender.ReportedBytes == sender.QueuedBytes && echo.HasReportedAll, "the last reports");
        Assert.Null(sender.Fault);
        Assert.Null(echo.Fault);
    }

    private static void ReadSlowly(StreamEnd end, Random random)
    {
        end.Probe.Inspect = buffer =>
        {
            if (buffer.ReadableBytes > 0 && random.Next(3) == 0)
            {
                IChannel channel = end.Channel;
                channel.Configuration.AutoRead = false;
                _ = channel.EventLoop.Schedule(() => channel.Configuration.AutoRead = true, TimeSpan.FromMilliseconds(random.Next(2)));
            }
        };
    }

    private static void AssertEndedWell(StreamEnd end)
    {
        Assert.Equal(1, end.Probe.Count(ProbeEventKind.InputShutdown));
        Assert.Equal(0, end.Probe.Count(ProbeEventKind.Exception));
        Assert.True(end.Channel.Active);
        Assert.True(end.Socket.InputEnded);
    }
}
