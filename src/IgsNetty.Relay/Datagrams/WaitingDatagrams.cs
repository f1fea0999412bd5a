using DotNetty.Buffers;

namespace IgsNetty.Relay.Datagrams;

/// <summary>What waits of one flow, oldest first. Kept by <see cref="DatagramBacklog"/>.</summary>
internal sealed class WaitingDatagrams
{
    private readonly Queue<IByteBuffer> _frames = new();

    /// <summary>Bytes of all that wait; never 0 while one does, since a frame has a header.</summary>
    public int Bytes { get; private set; }

    /// <summary>Called when the last one has gone. The flow is over and waits for that; null: it is not.</summary>
    public Action? Emptied { get; set; }

    /// <summary>It stands in the queue of flows.</summary>
    public bool HasTurn { get; set; }

    public void Enqueue(IByteBuffer frame)
    {
        Bytes += frame.ReadableBytes;
        _frames.Enqueue(frame);
    }

    public IByteBuffer Dequeue()
    {
        IByteBuffer frame = _frames.Dequeue();
        Bytes -= frame.ReadableBytes;
        return frame;
    }
}
