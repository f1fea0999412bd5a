using System.Runtime.InteropServices;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Epoll.Native;

namespace IgsNetty.Transport.Epoll;

/// <summary>
/// Sends buffers of an outbound queue with one call and without copying them. One a loop. Stands in for DotNetty's
/// <c>GetSharedBufferList</c>, which keeps one channel's buffers for the next channel's write unless it is told not to.
/// </summary>
internal sealed unsafe class GatheredWrite : ChannelOutboundBuffer.IMessageProcessor, IDisposable
{
    private const int MostVectors = 64;
    private const long MostBytes = 1024 * 1024;

    private readonly IoVector* _vectors = (IoVector*)NativeMemory.Alloc(MostVectors, (nuint)sizeof(IoVector));
    private readonly List<GCHandle> _pins = [];
    private int _count;
    private long _offered;

    /// <summary>Sends from the front of what is flushed.</summary>
    /// <param name="socket">Its number.</param>
    /// <param name="pending">The queue; nothing is taken off it.</param>
    /// <param name="offered">Bytes that the kernel was offered.</param>
    /// <returns>Bytes taken; 0: there was nothing but empty buffers; below 0: see the thread's last error.</returns>
    public nint Send(int socket, ChannelOutboundBuffer pending, out long offered)
    {
        _count = 0;
        _offered = 0;
        try
        {
            pending.ForEachFlushedMessage(this);
            offered = _offered;
            if (_count == 0)
            {
                return 0;
            }

            MessageHeader message = new() { Vectors = _vectors, VectorCount = _count };
            return _count == 1
                ? Libc.Send(socket, _vectors[0].Bytes, _vectors[0].Length, Libc.MsgNoSignal)
                : Libc.SendMessage(socket, &message, Libc.MsgNoSignal);
        }
        finally
        {
            if (_pins.Count > 0)
            {
                int error = Marshal.GetLastPInvokeError();
                _pins.ForEach(pin => pin.Free());
                _pins.Clear();
                Marshal.SetLastPInvokeError(error);
            }
        }
    }

    /// <inheritdoc/>
    public bool ProcessMessage(object message)
    {
        IByteBuffer buffer = (IByteBuffer)message;
        if (buffer.ReadableBytes == 0)
        {
            return true;
        }

        // With both arguments: without, a composite buffer that the leak detector watches begins at 0, wherever its reader is.
        if (buffer.IoBufferCount > 1)
        {
            return Array.TrueForAll(buffer.GetIoBuffers(buffer.ReaderIndex, buffer.ReadableBytes), Pin);
        }

        nint address = buffer.AddressOfPinnedMemory();
        return address != 0
            ? Add((byte*)address + buffer.ReaderIndex, buffer.ReadableBytes)
            : Pin(buffer.GetIoBuffer(buffer.ReaderIndex, buffer.ReadableBytes));
    }

    public void Dispose() => NativeMemory.Free(_vectors);

    private bool Pin(ArraySegment<byte> bytes)
    {
        GCHandle pin = GCHandle.Alloc(bytes.Array, GCHandleType.Pinned);
        _pins.Add(pin);
        return Add((byte*)pin.AddrOfPinnedObject() + bytes.Offset, bytes.Count);
    }

    /// <returns>False when no more fits.</returns>
    private bool Add(byte* bytes, int length)
    {
        if (_count == MostVectors || _offered >= MostBytes)
        {
            return false;
        }

        _vectors[_count++] = new IoVector { Bytes = bytes, Length = length };
        _offered += length;
        return true;
    }
}
