using System.Numerics;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace IgsNetty.Transport.Tls;

/// <summary>
/// The buffers that the TLS connections of one loop decrypt and encrypt into. What nobody kept is used again, by whichever
/// connection is next: a pool has a new object for nearly each buffer that is taken from it. Loop only.
/// </summary>
public sealed class TlsBuffers : IDisposable
{
    /// <summary>The most that is decrypted before it goes on.</summary>
    public const int MostPlaintext = 256 * 1024;

    private const int LeastShift = 11; // 2 KiB

    // One a size: whoever keeps a part of what was decrypted keeps the whole buffer, which so must not be much larger.
    private readonly IByteBuffer?[] _plaintext = new IByteBuffer?[int.Log2(MostPlaintext) - LeastShift + 1];
    private IByteBuffer? _records;

    /// <summary>A buffer for about so many bytes of plaintext; goes back by <see cref="Pass"/> or <see cref="KeepPlaintext"/>.</summary>
    internal IByteBuffer TakePlaintext(IByteBufferAllocator allocator, int bytes)
    {
        int capacity = PowerOfTwo(Math.Min(MostPlaintext, bytes));
        ref IByteBuffer? spare = ref _plaintext[int.Log2(capacity) - LeastShift];
        return Take(ref spare, allocator) ?? allocator.Buffer(capacity, capacity);
    }

    internal void KeepPlaintext(IByteBuffer buffer) => Keep(ref _plaintext[int.Log2(buffer.Capacity) - LeastShift], buffer);

    /// <summary>Gives what was decrypted to the pipeline, and takes the buffer back when nobody there keeps it or a part of it.</summary>
    internal void Pass(IByteBuffer buffer, IChannelHandlerContext context)
    {
        buffer.Retain();
        try
        {
            context.FireChannelRead(buffer);
        }
        finally
        {
            if (buffer.ReferenceCount == 1)
            {
                KeepPlaintext(buffer);
            }
            else
            {
                buffer.Release();
            }
        }
    }

    /// <summary>A buffer for about so many bytes of records, or more; goes back by <see cref="KeepRecords"/> unless it is sent.</summary>
    internal IByteBuffer TakeRecords(IByteBufferAllocator allocator, int bytes)
    {
        IByteBuffer buffer = Take(ref _records, allocator) ?? allocator.Buffer(PowerOfTwo(bytes));
        return buffer.EnsureWritable(bytes);
    }

    internal void KeepRecords(IByteBuffer buffer) => Keep(ref _records, buffer);

    /// <summary>Gives the spare ones back to their pool.</summary>
    public void Dispose()
    {
        _records?.Release();
        _records = null;
        foreach (ref IByteBuffer? spare in _plaintext.AsSpan())
        {
            spare?.Release();
            spare = null;
        }
    }

    private static int PowerOfTwo(int bytes) => Math.Max(1 << LeastShift, (int)BitOperations.RoundUpToPowerOf2((uint)bytes));

    private static IByteBuffer? Take(ref IByteBuffer? spare, IByteBufferAllocator allocator)
    {
        IByteBuffer? buffer = spare;
        if (buffer is null || buffer.Allocator != allocator)
        {
            return null;
        }

        spare = null;
        return buffer;
    }

    private static void Keep(ref IByteBuffer? spare, IByteBuffer buffer)
    {
        spare?.Release(); // the newest one is in the processor's cache
        spare = buffer.Clear();
    }
}
