using DotNetty.Buffers;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Pipeline;

namespace IgsNetty.Microbench;

/// <summary>Takes what a decoder finds, and counts it.</summary>
internal sealed class CountingSink : IFrameSink
{
    public long Bytes { get; private set; }

    public Breach? OnData(uint streamId, IByteBuffer source, int index, int count, bool isLast)
    {
        Bytes += count;
        return null;
    }

    public Breach? OnFrame(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        Bytes += payload.Length;
        return null;
    }

    public void OnBreach(Breach breach) => throw new InvalidOperationException(breach.ToString());
}
