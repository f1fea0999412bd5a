using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace IgsNetty.Transport.Epoll.Tests.DropIn;

/// <summary>Reads of one byte each, so that a test knows their number.</summary>
/// <param name="readsPerBatch">Reads that make a batch whether or not AutoRead is on; 0: as many as there are while AutoRead is on.</param>
internal sealed class CountedReads(int readsPerBatch = 0) : IRecvByteBufAllocator
{
    public IRecvByteBufAllocatorHandle NewHandle() => new Handle(readsPerBatch);

    private sealed class Handle(int readsPerBatch) : IRecvByteBufAllocatorHandle
    {
        private IChannelConfiguration? _configuration;
        private int _reads;

        public int LastBytesRead { get; set; }

        public int AttemptedBytesRead { get; set; }

        public int Guess() => 1;

        public IByteBuffer Allocate(IByteBufferAllocator allocator) => allocator.Buffer(1, 1);

        public void Reset(IChannelConfiguration configuration)
        {
            _configuration = configuration;
            _reads = 0;
        }

        public void IncMessagesRead(int messages) => _reads += messages;

        public bool ContinueReading() => readsPerBatch == 0 ? _configuration!.AutoRead : _reads < readsPerBatch;

        public void ReadComplete()
        {
        }
    }
}
