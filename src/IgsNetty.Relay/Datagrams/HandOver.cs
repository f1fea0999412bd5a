using DotNetty.Buffers;
using DotNetty.Common.Concurrency;
using IgsNetty.Relay.Diagnostics;

namespace IgsNetty.Relay.Datagrams;

/// <summary>Brings datagrams, as frames, from other loops to a link's loop, with a bound on what is under way. Thread-safe.</summary>
/// <param name="loop">Where they go.</param>
/// <param name="allocator">For the frames.</param>
internal sealed class HandOver(RelayLoop loop, IByteBufferAllocator allocator)
{
    /// <summary>Most bytes that may be under way.</summary>
    public const int MostBytes = 1024 * 1024;

    private int _bytes;

    /// <param name="address">Of the datagram.</param>
    /// <param name="payload">Its bytes; copied.</param>
    /// <param name="to">The first argument of <paramref name="arrive"/>.</param>
    /// <param name="arrive">Called on the loop; the frame, whose stream ID is still 0, becomes its own.</param>
    /// <returns>False when too much is under way.</returns>
    public bool TryPost(in FlowAddress address, ReadOnlySpan<byte> payload, object to, Action<object, IByteBuffer, LoopTotals> arrive)
    {
        int size = DatagramFrames.MaxSize(payload.Length);
        if (Interlocked.Add(ref _bytes, size) > MostBytes)
        {
            Interlocked.Add(ref _bytes, -size);
            return false;
        }

        loop.Loop.Execute(new Posted(this, DatagramFrames.Allocate(allocator, 0, address, payload), size, to, arrive));
        return true;
    }

    private sealed class Posted(HandOver owner, IByteBuffer frame, int size, object to, Action<object, IByteBuffer, LoopTotals> arrive) : IRunnable
    {
        public void Run()
        {
            Interlocked.Add(ref owner._bytes, -size);
            arrive(to, frame, owner.Loop.Totals);
        }
    }

    private RelayLoop Loop => loop;
}
