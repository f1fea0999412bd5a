using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace IgsNetty.Transport.Epoll;

/// <summary>
/// The receive buffers of one loop. A buffer whose reader gave it back is received into again, by whichever socket of the
/// loop is next and wants that size: a pool has a new object for nearly each one that is taken from it.
/// </summary>
internal sealed class ReceiveSlot : IDisposable
{
    private IByteBuffer? _spare;

    /// <summary>A buffer to receive into; goes back by <see cref="Keep"/> or <see cref="Pass"/>.</summary>
    public IByteBuffer Take(IRecvByteBufAllocatorHandle handle, IByteBufferAllocator allocator)
    {
        IByteBuffer? spare = _spare;
        _spare = null;
        int start = (handle as IReceiveHeadroom)?.Headroom ?? 0;
        if (spare is not null && spare.Capacity - start == handle.Guess() && spare.Allocator == allocator)
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
        if (_spare is null)
        {
            _spare = buffer;
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
        _spare?.Release();
        _spare = null;
    }
}
