using System.Buffers;
using DotNetty.Buffers;
using IgsNetty.Transport;

namespace IgsNetty.TestKit.Channels;

/// <summary>
/// A kernel's send buffer with as much room as the test gives it. What does not fit waits, and leaves when the test
/// drains it; then the listener is told, as the real sockets tell it.
/// </summary>
public sealed class FakeOutput : IByteOutput
{
    private readonly Queue<IByteBuffer> _queue = new();
    private readonly ArrayBufferWriter<byte> _sent = new();
    private int _frontSize;

    /// <summary>Bytes the kernel still takes; without a limit at first.</summary>
    public long Room { get; set; } = long.MaxValue;

    /// <summary>
    /// Whether the listener hears of every piece of a queued buffer. The socket transport speaks of whole buffers only;
    /// the contract lets a transport do either.
    /// </summary>
    public bool TellsPieces { get; set; }

    /// <summary>Calls that moved bytes to the kernel.</summary>
    public int Sends { get; private set; }

    /// <summary>The arrays behind what <see cref="Send"/> was given, in order.</summary>
    public IList<byte[]> Arrays { get; } = [];

    public bool IsClosed { get; private set; }

    /// <summary>Set by the owner after its FIN: from then on, sending is a mistake of the code under test.</summary>
    public bool IsShut { get; set; }

    /// <summary>All bytes the kernel took and no test has taken away.</summary>
    public ReadOnlySpan<byte> Sent => _sent.WrittenSpan;

    public long PendingBytes { get; private set; }

    public IByteOutputListener? OutputListener { get; set; }

    public int TrySend(ReadOnlySpan<byte> bytes)
    {
        if (PendingBytes > 0 || IsClosed)
        {
            return 0;
        }

        return ToKernel(bytes);
    }

    public int Send(IByteBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        if (IsClosed)
        {
            buffer.Release();
            return 0;
        }

        Arrays.Add(buffer.Array);
        int sent = PendingBytes > 0 ? 0 : ToKernel(Bytes(buffer));
        buffer.SkipBytes(sent);
        if (buffer.IsReadable())
        {
            _frontSize = _queue.Count == 0 ? buffer.ReadableBytes : _frontSize;
            PendingBytes += buffer.ReadableBytes;
            _queue.Enqueue(buffer);
        }
        else
        {
            buffer.Release();
        }

        return sent;
    }

    /// <summary>Gives the kernel room, and lets go what fits.</summary>
    public void Drain(long room)
    {
        Room = room > long.MaxValue - Room ? long.MaxValue : Room + room;
        while (Room > 0 && _queue.TryPeek(out IByteBuffer? front))
        {
            int taken = ToKernel(Bytes(front));
            front.SkipBytes(taken);
            bool done = !front.IsReadable();
            int told = TellsPieces ? taken : done ? _frontSize : 0;
            if (done)
            {
                _queue.Dequeue().Release();
                _frontSize = _queue.TryPeek(out IByteBuffer? next) ? next.ReadableBytes : 0;
            }

            PendingBytes -= told;
            if (told > 0)
            {
                OutputListener?.OnSent(told);
            }
        }
    }

    /// <summary>What the kernel took since the last call.</summary>
    public byte[] Take()
    {
        byte[] taken = Sent.ToArray();
        _sent.ResetWrittenCount();
        return taken;
    }

    /// <summary>The socket is closed: what waits is thrown away, and nobody is told.</summary>
    public void Close()
    {
        IsClosed = true;
        PendingBytes = 0;
        while (_queue.TryDequeue(out IByteBuffer? buffer))
        {
            buffer.Release();
        }
    }

    private static ReadOnlySpan<byte> Bytes(IByteBuffer buffer) =>
        new(buffer.Array, buffer.ArrayOffset + buffer.ReaderIndex, buffer.ReadableBytes);

    private int ToKernel(ReadOnlySpan<byte> bytes)
    {
        if (IsShut && !bytes.IsEmpty)
        {
            throw new InvalidOperationException("bytes are sent after the FIN");
        }

        int taken = (int)Math.Min(bytes.Length, Room);
        if (taken > 0)
        {
            Sends++;
            Room -= Room == long.MaxValue ? 0 : taken;
            _sent.Write(bytes[..taken]);
        }

        return taken;
    }
}
