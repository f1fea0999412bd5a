using DotNetty.Buffers;
using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Embedded;
using IgsNetty.Protocol.Frames;
using IgsNetty.TestKit.Channels;
using IgsNetty.Transport;

namespace IgsNetty.Microbench;

/// <summary>
/// One end of a connection in memory, on a loop that the benchmark runs: what it sends is copied, as a kernel does, into a receive
/// buffer of its peer, or only counted where there is none. Unlike the sockets of the tests it keeps no record.
/// </summary>
internal sealed class MemorySocket : EmbeddedChannel, IStreamSocket, IRunnable
{
    private readonly ManualEventLoop _loop;
    private readonly Queue<IByteBuffer> _input = new();
    private readonly Queue<IByteBuffer> _waiting = new();
    private bool _readScheduled;
    private bool _turnQueued;
    private bool _blocked;

    public MemorySocket(ManualEventLoop loop, IByteBufferAllocator allocator)
        : base(EmbeddedChannelId.Instance, hasDisconnect: false, register: false)
    {
        _loop = loop;
        Configuration.AutoRead = false;
        Configuration.Allocator = allocator;
        loop.RegisterAsync(this);
    }

    /// <summary>Who receives what this one sends; null: nobody.</summary>
    public MemorySocket? Peer { get; set; }

    /// <summary>Bytes that the kernel took.</summary>
    public long SentBytes { get; private set; }

    public IChannel Channel => this;

    public bool InputEnded => false;

    public long PendingBytes { get; private set; }

    public IByteOutputListener? OutputListener { get; set; }

    /// <summary>Is not asked.</summary>
    public IReadGate? ReadGate { get; set; }

    /// <summary>The kernel takes nothing until <see cref="Unblock"/>.</summary>
    public void Block() => _blocked = true;

    public void Unblock()
    {
        _blocked = false;
        while (_waiting.TryDequeue(out IByteBuffer? buffer))
        {
            int count = buffer.ReadableBytes;
            ToKernel(buffer.Array.AsSpan(buffer.ArrayOffset + buffer.ReaderIndex, count));
            buffer.Release();
            PendingBytes -= count;
            OutputListener?.OnSent(count);
        }
    }

    /// <summary>So many bytes arrive, in one read.</summary>
    public void Receive(int count) => Enqueue(NewBuffer(count).WriteZero(count));

    public int TrySendLast(ReadOnlySpan<byte> bytes) => TrySend(bytes);

    public int TrySend(ReadOnlySpan<byte> bytes)
    {
        if (_blocked)
        {
            return 0;
        }

        ToKernel(bytes);
        return bytes.Length;
    }

    public int Send(IByteBuffer buffer)
    {
        int count = buffer.ReadableBytes;
        if (_blocked)
        {
            PendingBytes += count;
            _waiting.Enqueue(buffer);
            return 0;
        }

        ToKernel(buffer.Array.AsSpan(buffer.ArrayOffset + buffer.ReaderIndex, count));
        buffer.Release();
        return count;
    }

    public void ReadNow()
    {
    }

    public void ShutdownOutput()
    {
    }

    public TimeSpan? LeastRoundTrip => null;

    public void LimitQueue(int unsent, int unacknowledged)
    {
    }

    public long? UnacknowledgedBytes => 0;

    public void ResetOnClose()
    {
    }

    public void Abort() => throw new InvalidOperationException("a benchmark's stream was reset");

    /// <summary>A turn of reading.</summary>
    public void Run()
    {
        _turnQueued = false;
        _readScheduled = false;
        while (Configuration.AutoRead && _input.TryDequeue(out IByteBuffer? buffer))
        {
            Pipeline.FireChannelRead(buffer);
        }

        Pipeline.FireChannelReadComplete();
    }

    protected override bool IsCompatible(IEventLoop eventLoop) => true;

    protected override void DoBeginRead()
    {
        _readScheduled = true;
        Poll();
    }

    private void ToKernel(ReadOnlySpan<byte> bytes)
    {
        SentBytes += bytes.Length;
        if (Peer is { } peer)
        {
            IByteBuffer buffer = peer.NewBuffer(bytes.Length);
            bytes.CopyTo(buffer.Array.AsSpan(buffer.ArrayOffset + buffer.WriterIndex));
            peer.Enqueue(buffer.SetWriterIndex(buffer.WriterIndex + bytes.Length));
        }
    }

    private void Enqueue(IByteBuffer buffer)
    {
        _input.Enqueue(buffer);
        Poll();
    }

    private void Poll()
    {
        if (_readScheduled && !_turnQueued && _input.Count > 0)
        {
            _turnQueued = true;
            _loop.Execute(this);
        }
    }

    private IByteBuffer NewBuffer(int count)
    {
        int capacity = FrameHeader.Size + count;
        return Allocator.Buffer(capacity, capacity).SetIndex(FrameHeader.Size, FrameHeader.Size);
    }
}
