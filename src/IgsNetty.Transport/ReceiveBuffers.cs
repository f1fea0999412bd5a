using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace IgsNetty.Transport;

/// <summary>
/// Sizes receive buffers: from 2 KiB up to a limit while reads fill them, down again when they do not. A buffer is a
/// power of two less the headroom, which is what the pool would round it up to; the headroom in front is for a frame
/// header that the relay fills in place (design rule 2). Settable on any DotNetty channel.
/// </summary>
/// <param name="headroom">Bytes left free in front of what is received; the buffer's reader and writer index start there.</param>
/// <param name="maxBytes">Largest buffer, headroom included; a power of two.</param>
/// <param name="bytesPerTurn">About the most bytes read from one socket in one turn of its loop, so that a busy one does not starve the others.</param>
/// <param name="underPressure">True while memory is short: buffers then stay at the smallest size. Null: never.</param>
public sealed class ReceiveBuffers(int headroom, int maxBytes, int bytesPerTurn = 256 * 1024, Func<bool>? underPressure = null) : IRecvByteBufAllocator
{
    /// <summary>A socket for which there is no memory is read again after this.</summary>
    public static readonly TimeSpan MemoryPause = TimeSpan.FromMilliseconds(50);

    private const int MinShift = 11;

    private readonly int _maxShift = int.Log2(maxBytes);

    /// <inheritdoc/>
    public IRecvByteBufAllocatorHandle NewHandle() => new Handle(this);

    private sealed class Handle(ReceiveBuffers owner) : IRecvByteBufAllocatorHandle, IReceiveHeadroom
    {
        private IChannelConfiguration? _configuration;
        private int _shift = Math.Min(MinShift + 1, owner._maxShift);
        private int _smallReads;
        private int _turnBytes;
        private int _lastBytesRead;

        public int LastBytesRead
        {
            get => _lastBytesRead;
            set
            {
                _lastBytesRead = value;
                if (value > 0)
                {
                    _turnBytes += value;
                    Adapt(value);
                }
            }
        }

        public int AttemptedBytesRead { get; set; }

        public int Headroom => owner.Headroom;

        public int Guess()
        {
            if (_shift > MinShift && owner.UnderPressure())
            {
                _shift = MinShift;
            }

            return (1 << _shift) - owner.Headroom;
        }

        public IByteBuffer Allocate(IByteBufferAllocator alloc)
        {
            try
            {
                return Allocate(alloc, Guess() + owner.Headroom);
            }
            catch (OutOfMemoryException) when (_shift > MinShift)
            {
                // A small one is as a rule free in a chunk that the pool has.
                _shift = MinShift;
                return Allocate(alloc, 1 << MinShift);
            }
        }

        private IByteBuffer Allocate(IByteBufferAllocator alloc, int capacity)
        {
            IByteBuffer buffer = alloc.Buffer(capacity, capacity).SetIndex(owner.Headroom, owner.Headroom);
            AttemptedBytesRead = capacity - owner.Headroom;
            return buffer;
        }

        public void Reset(IChannelConfiguration config)
        {
            _configuration = config;
            _turnBytes = 0;
        }

        public void IncMessagesRead(int numMessages)
        {
        }

        // A read that did not fill its buffer has drained the socket: asking again would only cost a call that says so.
        public bool ContinueReading() =>
            _lastBytesRead == AttemptedBytesRead && _turnBytes < owner.BytesPerTurn && _configuration!.AutoRead;

        public void ReadComplete()
        {
        }

        private void Adapt(int read)
        {
            if (read == AttemptedBytesRead)
            {
                _shift = Math.Min(_shift + 2, owner._maxShift);
                _smallReads = 0;
            }
            else if (read < AttemptedBytesRead / 4 && _shift > MinShift && ++_smallReads >= 2)
            {
                _shift--;
                _smallReads = 0;
            }
        }
    }

    private int Headroom => headroom;

    private int BytesPerTurn => bytesPerTurn;

    private bool UnderPressure() => underPressure is not null && underPressure();
}
