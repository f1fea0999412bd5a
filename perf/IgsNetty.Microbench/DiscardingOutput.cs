using DotNetty.Buffers;
using IgsNetty.Transport;

namespace IgsNetty.Microbench;

/// <summary>A kernel that takes everything at once.</summary>
internal sealed class DiscardingOutput : IByteOutput
{
    public long Bytes { get; private set; }

    public long PendingBytes => 0;

    public IByteOutputListener? OutputListener { get; set; }

    public int TrySend(ReadOnlySpan<byte> bytes)
    {
        Bytes += bytes.Length;
        return bytes.Length;
    }

    public int Send(IByteBuffer buffer)
    {
        int count = buffer.ReadableBytes;
        Bytes += count;
        buffer.Release();
        return count;
    }
}
