using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace IgsNetty.Relay.Tests.Pipeline;

/// <summary>Writes down how many messages each read is said to have had.</summary>
internal sealed class CountingReceiveBuffers : IRecvByteBufAllocator
{
    private readonly IRecvByteBufAllocator _inner = new FixedRecvByteBufAllocator(2048);

    public List<int> Messages { get; } = [];

    public IRecvByteBufAllocatorHandle NewHandle() => new Handle(_inner.NewHandle(), Messages);

    private sealed class Handle(IRecvByteBufAllocatorHandle inner, List<int> messages) : IRecvByteBufAllocatorHandle
    {
        public int LastBytesRead
        {
            get => inner.LastBytesRead;
            set => inner.LastBytesRead = value;
        }

        public int AttemptedBytesRead
        {
            get => inner.AttemptedBytesRead;
            set => inner.AttemptedBytesRead = value;
        }

        public IByteBuffer Allocate(IByteBufferAllocator alloc) => inner.Allocate(alloc);

        public int Guess() => inner.Guess();

        public void Reset(IChannelConfiguration config) => inner.Reset(config);

        public void IncMessagesRead(int numMessages) => messages.Add(numMessages);

        public bool ContinueReading() => inner.ContinueReading();

        public void ReadComplete() => inner.ReadComplete();
    }
}
