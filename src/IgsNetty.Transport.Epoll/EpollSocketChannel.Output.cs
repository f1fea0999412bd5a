using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Epoll.Native;
using TaskCompletionSource = DotNetty.Common.Concurrency.TaskCompletionSource;

namespace IgsNetty.Transport.Epoll;

/// <content>
/// The outgoing side. <see cref="Send"/> queues in the same buffer as <c>WriteAsync</c>, so that there is one order, but with
/// the promise that nobody waits for.
/// </content>
public sealed unsafe partial class EpollSocketChannel
{
    // The kernel took less than it was offered; epoll will say when it has room.
    private bool _isOutputFull;

    // A flush could not write everything.
    private bool _hasUnwritten;
    private bool _isOutputShut;
    private int _unreported;

    /// <inheritdoc/>
    public long PendingBytes { get; private set; }

    /// <inheritdoc/>
    public IByteOutputListener? OutputListener { get; set; }

    /// <inheritdoc/>
    public int TrySend(ReadOnlySpan<byte> bytes) => TrySend(bytes, Libc.MsgNoSignal);

    /// <inheritdoc/>
    public int TrySendLast(ReadOnlySpan<byte> bytes) => TrySend(bytes, Libc.MsgNoSignal | Libc.MsgMore);

    /// <inheritdoc/>
    public int Send(IByteBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        int size = buffer.ReadableBytes;
        int sent = 0;
        if (IsSendDirect && buffer.IoBufferCount == 1)
        {
            nint address = buffer.AddressOfPinnedMemory();
            sent = address != 0 ? Offer((byte*)address + buffer.ReaderIndex, size) : OfferUnpinned(buffer);
        }

        if (sent == size || Unsafe.OutboundBuffer is not { } pending)
        {
            buffer.Release();
            return sent;
        }

        PendingBytes += size - sent;
        if (_outputError is not null)
        {
            buffer.Release();
            return sent;
        }

        buffer.SkipBytes(sent);
        pending.AddMessage(buffer, size - sent, TaskCompletionSource.Void);
        pending.AddFlush();
        if (!_isOutputFull && !_hasFailed)
        {
            // Made of several pieces, or behind what nobody has flushed yet.
            EventLoop.Execute(static c => ((EpollSocketChannel)c).OnWritable(), this);
        }

        return sent;
    }

    /// <inheritdoc/>
    public void ShutdownOutput()
    {
        if (!_isActive || _hasFailed || _outputError is not null || _isOutputShut)
        {
            return;
        }

        _isOutputShut = true;
        if (Libc.Shutdown(Descriptor, Libc.ShutWrite) != 0)
        {
            FailOutput(ErrnoExtensions.LastException());
        }
    }

    /// <inheritdoc/>
    protected override object FilterOutboundMessage(object msg) =>
        msg is IByteBuffer ? msg : throw new NotSupportedException($"The channel writes IByteBuffer, not {msg.GetType()}.");

    /// <inheritdoc/>
    protected override void DoWrite(ChannelOutboundBuffer input)
    {
        GatheredWrite gathering = Loop!.Gathering;
        _hasUnwritten = true;
        if (_outputError is not null)
        {
            return; // it goes with the channel
        }

        for (int left = _configuration.WriteSpinCount; left > 0; left--)
        {
            nint sent = gathering.Send(Descriptor.Number, input, out long offered);
            if (sent < 0)
            {
                OnSendError(ErrnoExtensions.Last());
                if (_isOutputFull || _outputError is not null)
                {
                    return;
                }

                continue; // a signal came
            }

            int ofSend = (int)Math.Min(sent, PendingBytes);
            PendingBytes -= ofSend;
            _unreported += ofSend;
            input.RemoveBytes(sent); // may run a handler that writes, here or on another channel of the loop
            if (input.IsEmpty)
            {
                _hasUnwritten = false;
                return;
            }

            if (sent < offered)
            {
                _isOutputFull = true;
                return;
            }
        }

        EventLoop.Execute(static c => ((EpollSocketChannel)c).OnWritable(), this); // the others' turn
    }

    // Nothing that came by Send or by WriteAsync may be overtaken.
    private bool IsSendDirect =>
        !_isOutputFull && _isActive && !_hasFailed && _outputError is null
        && Unsafe.OutboundBuffer is { } pending && pending.TotalPendingWriteBytes() == 0;

    private void OnWritable()
    {
        _isOutputFull = false;
        if (_hasUnwritten || PendingBytes > 0)
        {
            ((EpollSocketUnsafe)Unsafe).FlushNow();
        }
    }

    private int TrySend(ReadOnlySpan<byte> bytes, int flags)
    {
        if (!IsSendDirect)
        {
            return 0;
        }

        fixed (byte* first = bytes)
        {
            return Offer(first, bytes.Length, flags);
        }
    }

    private int OfferUnpinned(IByteBuffer buffer)
    {
        ArraySegment<byte> bytes = buffer.GetIoBuffer(buffer.ReaderIndex, buffer.ReadableBytes);
        fixed (byte* first = bytes.AsSpan())
        {
            return Offer(first, bytes.Count);
        }
    }

    private int Offer(byte* bytes, int count, int flags = Libc.MsgNoSignal)
    {
        if (count == 0)
        {
            return 0;
        }

        nint sent = Libc.Send(Descriptor.Number, bytes, count, flags);
        if (sent >= 0)
        {
            _isOutputFull = sent < count;
            return (int)sent;
        }

        OnSendError(ErrnoExtensions.Last());
        return 0;
    }

    private void OnSendError(Errno error)
    {
        if (error == Errno.Again)
        {
            _isOutputFull = true;
        }
        else if (error != Errno.Interrupted)
        {
            FailOutput(error.ToException());
        }
    }

    private void ReportSent()
    {
        int sent = _unreported;
        _unreported = 0;
        if (sent > 0)
        {
            OutputListener?.OnSent(sent);
        }
    }
}
