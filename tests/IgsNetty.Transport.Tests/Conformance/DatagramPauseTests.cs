using System.Diagnostics;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>A handler is asked before each batch, and can put it off.</summary>
public abstract class DatagramPauseTests : DatagramTests
{
    [Fact]
    public async Task Nothing_is_received_during_a_pause_and_everything_after_it()
    {
        PausingHandler handler = new(Loop) { Pause = TimeSpan.FromMilliseconds(200) };
        IDatagramSocket socket = Bind(handler);
        DatagramPeer peer = Peer();
        for (byte i = 0; i < 20; i++)
        {
            peer.Send(socket.Address, [i]);
        }

        TimeSpan first = await handler.First.InTime("the first datagram");
        Assert.True(first >= TimeSpan.FromMilliseconds(190), $"the first datagram came {first.TotalMilliseconds} ms after the pause began");
        await handler.All(20).InTime("the others");
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (byte)i), handler.Received);
    }

    [Fact]
    public async Task Each_batch_is_asked_for_and_told_to_be_over()
    {
        PausingHandler handler = new(Loop);
        IDatagramSocket socket = Bind(handler);
        DatagramPeer peer = Peer();
        for (int sent = 0; sent < 500;)
        {
            for (int end = sent + 100; sent < end; sent++) // what the smallest usual receive buffer holds
            {
                peer.Send(socket.Address, [(byte)sent]);
            }

            await handler.All(sent).InTime("all datagrams");
        }

        await Loop.CallAsync(() => { });
        Assert.True(handler.Asked >= 2, $"500 datagrams came in {handler.Asked} batch");
        Assert.Equal(0, handler.OutsideOfBatches);
    }

    [Fact]
    public async Task A_close_during_a_pause_ends_it()
    {
        for (int milliseconds = 50; ; milliseconds *= 2)
        {
            TimeSpan pause = TimeSpan.FromMilliseconds(milliseconds);
            PausingHandler handler = new(Loop) { Pause = pause };
            IDatagramSocket socket = Bind(handler);
            Peer().Send(socket.Address, [1]);
            await handler.Paused.InTime("the pause");
            bool wasPaused = await Loop.CallAsync(() =>
            {
                socket.Close();
                return handler.Asked == 1;
            });
            if (!wasPaused)
            {
                continue; // the machine was slower than the pause
            }

            TaskCompletionSource later = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _ = Loop.Schedule(later.SetResult, 3 * pause);
            await later.Task.InTime("the end of the pause");
            Assert.Equal((1, 0), (handler.Asked, handler.Received.Count));
            return;
        }
    }

    /// <summary>Puts the first batch off.</summary>
    private sealed class PausingHandler(IEventLoop loop) : IDatagramHandler
    {
        private readonly TaskCompletionSource<TimeSpan> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _paused = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource _all = new();
        private int _wanted = int.MaxValue;
        private long _pausedAt;
        private bool _inBatch;

        public TimeSpan Pause { get; init; }

        public List<byte> Received { get; } = [];

        public int Asked { get; private set; }

        public int OutsideOfBatches { get; private set; }

        /// <summary>From the beginning of the pause to the first datagram.</summary>
        public Task<TimeSpan> First => _first.Task;

        public Task Paused => _paused.Task;

        public Task All(int count)
        {
            TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
            loop.Execute(() =>
            {
                _all = all;
                _wanted = count;
                Check();
            });
            return all.Task;
        }

        public TimeSpan OnReadable()
        {
            Asked++;
            if (Asked == 1 && Pause > TimeSpan.Zero)
            {
                _pausedAt = Stopwatch.GetTimestamp();
                _paused.SetResult();
                return Pause;
            }

            _inBatch = true;
            return TimeSpan.Zero;
        }

        public void OnDatagram(in UdpAddress source, ReadOnlySpan<byte> payload)
        {
            OutsideOfBatches += _inBatch ? 0 : 1;
            Received.Add(payload[0]);
            _first.TrySetResult(Stopwatch.GetElapsedTime(_pausedAt));
            Check();
        }

        public void OnReadComplete() => _inBatch = false;

        public void OnUndelivered(int reports)
        {
        }

        private void Check()
        {
            if (Received.Count >= _wanted)
            {
                _all.TrySetResult();
            }
        }
    }
}
