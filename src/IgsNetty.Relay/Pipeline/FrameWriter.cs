using DotNetty.Buffers;
using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;
using IgsNetty.Protocol.Codec;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Transport;

namespace IgsNetty.Relay.Pipeline;

/// <summary>
/// Frames → bytes of one link. Headers, control frames and small payloads are copied into one tail buffer, which leaves
/// in one send when the loop has done what was ready (a queue entry and a promise a frame would cost more than copying
/// 64 bytes); large payloads get their header in the headroom they were received with, and are not copied. Loop only.
/// </summary>
internal sealed class FrameWriter : IByteOutputListener, IRunnable
{
    private const int TailBytes = 64 * 1024;

    /// <summary>Datagram frames up to this are made in the tail.</summary>
    private const int LargestInTail = TailBytes / 4;

    /// <summary>
    /// Most bytes that may wait for the kernel. Data stops at the first waiting byte, so this much can only be control
    /// frames to a peer that makes us write them and does not read.
    /// </summary>
    private const int MostPending = 4 * 1024 * 1024;

    private readonly IEventLoop _loop;
    private readonly IByteOutput _output;
    private readonly IByteBufferAllocator _allocator;
    private readonly int _smallPayload;
    private readonly Action _drained;
    private readonly Action _overflowed;
    private IByteBuffer? _tail;
    private bool _flushScheduled;
    private bool _closed;

    /// <param name="loop">The link's loop.</param>
    /// <param name="output">Where the bytes go.</param>
    /// <param name="allocator">For the tail.</param>
    /// <param name="smallPayload">Payloads of at most so many bytes are copied into the tail.</param>
    /// <param name="drained">Called when nothing is pending any more: data may be written again.</param>
    /// <param name="overflowed">Called when the peer does not read what it makes us write.</param>
    public FrameWriter(IEventLoop loop, IByteOutput output, IByteBufferAllocator allocator, int smallPayload, Action drained, Action overflowed)
    {
        _loop = loop;
        _output = output;
        _allocator = allocator;
        _smallPayload = smallPayload;
        _drained = drained;
        _overflowed = overflowed;
        output.OutputListener = this;
    }

    /// <summary>Nothing waits for the kernel, so data may be written.</summary>
    public bool CanTakeData => !_closed && _output.PendingBytes == 0;

    /// <summary>Writes a Data frame with the first bytes of the buffer and moves its reader index.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="buffer">The payload. Its reference moves here when all of it is written, and stays with the caller otherwise.</param>
    /// <param name="count">Bytes to write, at least 1, at most the peer's largest payload.</param>
    public void WriteData(uint streamId, IByteBuffer buffer, int count)
    {
        FrameHeader header = new(count, FrameType.Data, streamId);
        bool whole = count == buffer.ReadableBytes;
        if (_closed || count <= _smallPayload)
        {
            Span<byte> frame = Reserve(FrameHeader.Size + count);
            header.Write(frame);
            buffer.Span()[..count].CopyTo(frame[FrameHeader.Size..]);
            buffer.SkipBytes(count);
            Commit(FrameHeader.Size + count);
            if (whole)
            {
                buffer.Release();
            }

            return;
        }

        // The eight bytes in front are ours to overwrite unless an earlier part of this buffer still waits to be sent. (Its
        // reference count would not tell: a transport that wants it back holds a reference too.)
        int start = buffer.ReaderIndex - FrameHeader.Size;
        bool inPlace = start >= 0 && _output.PendingBytes == 0;
        if (inPlace)
        {
            buffer.SetReaderIndex(start);
            header.Write(buffer.Span());
            count += FrameHeader.Size;
        }
        else
        {
            header.Write(Reserve(FrameHeader.Size));
            Commit(FrameHeader.Size);
        }

        FlushTail();
        _output.Send(whole ? buffer : buffer.ReadRetainedSlice(count));
    }

    /// <summary>Writes a Datagram frame. Its bytes are copied.</summary>
    public void WriteDatagram(uint streamId, in FlowAddress address, ReadOnlySpan<byte> payload)
    {
        int most = DatagramFrames.MaxSize(payload.Length);
        if (most <= LargestInTail)
        {
            Commit(DatagramFrames.Write(Reserve(most), streamId, address, payload));
        }
        else
        {
            WriteDatagram(DatagramFrames.Allocate(_allocator, streamId, address, payload));
        }
    }

    /// <summary>Writes a whole Datagram frame. The buffer moves here.</summary>
    public void WriteDatagram(IByteBuffer frame)
    {
        int size = frame.ReadableBytes;
        if (_closed || size <= _smallPayload)
        {
            frame.Span().CopyTo(Reserve(size));
            Commit(size);
            frame.Release();
            return;
        }

        FlushTail();
        _output.Send(frame);
    }

    public void WriteOpenStream(uint streamId, OpenStream open) =>
        Commit(MessageWriter.Write(Reserve(MessageWriter.MaxControlFrame), streamId, open));

    public void WriteStreamOpened(uint streamId, StreamOpened opened) =>
        Commit(MessageWriter.Write(Reserve(MessageWriter.MaxControlFrame), streamId, opened));

    public void WriteEndOfStream(uint streamId) =>
        Commit(MessageWriter.WriteEndOfStream(Reserve(MessageWriter.MaxControlFrame), streamId));

    public void WriteResetStream(uint streamId, ResetReason reason) =>
        Commit(MessageWriter.Write(Reserve(MessageWriter.MaxControlFrame), streamId, new ResetStream(reason)));

    public void WriteWindowUpdate(uint streamId, int increment) =>
        Commit(MessageWriter.Write(Reserve(MessageWriter.MaxControlFrame), streamId, new WindowUpdate(increment)));

    public void WritePing(FrameType type, Ping ping) =>
        Commit(MessageWriter.Write(Reserve(MessageWriter.MaxControlFrame), type, ping));

    public void WriteGoAway(GoAway goAway) =>
        Commit(MessageWriter.Write(Reserve(MessageWriter.MaxControlFrame), goAway));

    /// <summary>Hands the tail to the output now, instead of at the end of the loop's turn.</summary>
    public void FlushTail()
    {
        if (_tail is not { } tail || !tail.IsReadable())
        {
            return;
        }

        int size = tail.ReadableBytes;
        int sent = _output.TrySend(tail.Span());
        if (sent == size)
        {
            tail.Clear();
            return;
        }

        _tail = null;
        tail.SkipBytes(sent);
        _output.Send(tail);
        if (_output.PendingBytes > MostPending)
        {
            _overflowed();
        }
    }

    /// <summary>From here on everything written is thrown away.</summary>
    public void Close()
    {
        _closed = true;
        _tail?.Release();
        _tail = null;
    }

    // While bytes are pending the tail gathers what comes (it follows in one piece), unless it is full.
    void IRunnable.Run()
    {
        _flushScheduled = false;
        if (_output.PendingBytes == 0)
        {
            FlushTail();
        }
    }

    void IByteOutputListener.OnSent(int bytes)
    {
        if (_output.PendingBytes == 0)
        {
            FlushTail();
        }

        if (CanTakeData)
        {
            _drained();
        }
    }

    private Span<byte> Reserve(int bytes)
    {
        if (_closed)
        {
            return new byte[bytes]; // a frame nobody will see
        }

        if (_tail is not null && _tail.WritableBytes < bytes)
        {
            FlushTail();
        }

        _tail ??= _allocator.Buffer(TailBytes, TailBytes);
        return _tail.WritableSpan();
    }

    private void Commit(int bytes)
    {
        if (_closed)
        {
            return;
        }

        _tail!.SetWriterIndex(_tail.WriterIndex + bytes);
        if (!_flushScheduled)
        {
            _flushScheduled = true;
            _loop.Execute(this);
        }
    }
}
