using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace IgsNetty.Transport.Epoll;

/// <summary>
/// The receive buffers of one loop. A buffer whose reader gave it back is received into again, by whichever socket of the
/// loop is next and wants that size: a pool has a new object for nearly each one that is taken from it. One of each power of two
/// is kept, since a link and the streams beside it want different sizes in turn.
/// </summary>
internal sealed class ReceiveSlot : IDisposable
{
    private readonly IByteBuffer?[] _spares = new IByteBuffer?[32];

    /// <summary>A buffer to receive into; goes back by <see cref="Keep"/> or <see cref="Pass"/>.</summary>
    public IByteBuffer Take(IRecvByteBufAllocatorHandle handle, IByteBufferAllocator allocator)
    {
        int start = (handle as IReceiveHeadroom)?.Headroom ?? 0;
        int capacity = handle.Guess() + start;
        ref IByteBuffer? place = ref PlaceOf(capacity);
        IByteBuffer? spare = place;
        place = null;
        if (spare is not null && spare.Capacity == capacity && spare.Allocator == allocator)
        {
            spare.SetIndex(start, start);
            handle.AttemptedBytesRead = spare.WritableBytes;
            return spare;
        }

        spare?.Release();
        IByteBuffer buffer = handle.Allocate(allocator);
        handle.AttemptedBytesRead = buffer.WritableBytes;
        return buffer;
    }

    /// <summary>Nothing came.</summary>
    public void Keep(IByteBuffer buffer)
    {
        ref IByteBuffer? place = ref PlaceOf(buffer.Capacity);
        if (place is null)
        {
            place = buffer;
        }
        else
        {
            buffer.Release(); // a reader of this loop ran inside another's
        }
    }

    /// <summary>Gives what came to the pipeline, and takes the buffer back when nobody there keeps it or a part of it.</summary>
    public void Pass(IByteBuffer buffer, IChannelPipeline pipeline)
    {
        buffer.Retain();
        try
        {
            pipeline.FireChannelRead(buffer);
        }
        finally
        {
            if (buffer.ReferenceCount == 1)
            {
                Keep(buffer);
            }
            else
            {
                buffer.Release();
            }
        }
    }

    public void Dispose()
    {
        foreach (ref IByteBuffer? place in _spares.AsSpan())
        {
            place?.Release();
            place = null;
        }
    }

    private ref IByteBuffer? PlaceOf(int capacity) => ref _spares[int.Log2(capacity)];
}
