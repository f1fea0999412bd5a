using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using IgsNetty.Transport.Epoll.Native;

namespace IgsNetty.Transport.Epoll;

/// <content>The incoming side.</content>
public sealed unsafe partial class EpollSocketChannel
{
    // There may be something: epoll said so, and no read has found the end of it since.
    private bool _isReadable;

    // An end or an error waits behind what there is, or an urgent byte within it, where a read ends: a read that does not fill its buffer
    // has not found all.
    private bool _isEndNear;
    private bool _isReadWanted;
    private bool _isReadOnce;
    private bool _isReading;
    private bool _isReadQueued;

    /// <inheritdoc/>
    public bool InputEnded { get; private set; }

    /// <inheritdoc/>
    public IReadGate? ReadGate { get; set; }

    private bool IsReadAllowed => _isReadWanted && (_configuration.AutoRead || _isReadOnce);

    /// <inheritdoc/>
    public void ReadNow()
    {
        if (!_isReading)
        {
            TryRead();
        }
    }

    /// <inheritdoc/>
    protected override void DoBeginRead()
    {
        _isReadWanted = true;
        _isReadOnce |= !_configuration.AutoRead;
        if (!_isReading)
        {
            QueueRead();
        }
    }

    private void OnReadable(bool isEndNear)
    {
        _isReadable = !InputEnded;
        _isEndNear |= isEndNear;
        if (InputEnded)
        {
            FailIfBroken();
        }
        else if (IsReadAllowed)
        {
            ReadBatch();
        }
    }

    // Nothing reads any more that would meet an error.
    private void FailIfBroken()
    {
        Errno error = Descriptor.TakeError();
        if (error != Errno.None)
        {
            Fail(error.ToException());
        }
    }

    private void QueueRead()
    {
        if (_isReadable && !_isReadQueued && !_hasFailed)
        {
            _isReadQueued = true;
            EventLoop.Execute(static c => ((EpollSocketChannel)c).ReadAgain(), this);
        }
    }

    private void ReadAgain()
    {
        _isReadQueued = false;
        TryRead();
    }

    private void TryRead()
    {
        if (Loop is { InEventLoop: true } && _isActive && _isReadable && !_hasFailed && IsReadAllowed)
        {
            ReadBatch();
        }
    }

    private void ReadBatch()
    {
        ReceiveSlot slot = Loop!.Receiving;
        IRecvByteBufAllocatorHandle handle = Unsafe.RecvBufAllocHandle;
        handle.Reset(_configuration);
        bool isOnce = _isReadOnce;
        _isReading = true;
        _isReadWanted = false; // from here on, a Read of a handler asks for the next batch
        _isReadOnce = false;
        bool hasRead = false;
        bool goesOn = true;
        while (goesOn)
        {
            int limit = ReadGate?.OnReadable() ?? int.MaxValue;
            if (limit == 0)
            {
                break;
            }

            IByteBuffer buffer;
            try
            {
                buffer = slot.Take(handle, _configuration.Allocator);
            }
            catch (OutOfMemoryException)
            {
                // The bytes stay in the socket. The connection is not to blame, and a link carries many calls.
                EventLoop.Schedule(static c => ((EpollSocketChannel)c).TryRead(), this, ReceiveBuffers.MemoryPause);
                break;
            }

            handle.AttemptedBytesRead = Math.Min(handle.AttemptedBytesRead, limit);
            int received = Receive(buffer, handle.AttemptedBytesRead);
            if (received <= 0)
            {
                slot.Keep(buffer);
                break;
            }

            hasRead = true;
            handle.LastBytesRead = received;
            handle.IncMessagesRead(1);
            bool isShort = received < handle.AttemptedBytesRead;
            _isReadable = !isShort || _isEndNear;
            slot.Pass(buffer, Pipeline);
            goesOn = _isReadable && _isActive && !_hasFailed
                && (handle.ContinueReading() || (isShort && _configuration.AutoRead));
        }

        _isReading = false;
        EndBatch(handle, hasRead, isOnce);
    }

    private void EndBatch(IRecvByteBufAllocatorHandle handle, bool hasRead, bool isOnce)
    {
        bool ended = InputEnded;
        if (!hasRead && !ended && !_hasFailed)
        {
            _isReadWanted = true; // nothing had come: what was asked for is still to be read
            _isReadOnce |= isOnce;
            return;
        }

        handle.ReadComplete();
        if (hasRead)
        {
            Pipeline.FireChannelReadComplete();
        }

        if (_hasFailed || !Open)
        {
            return;
        }

        if (ended)
        {
            if (_configuration.AllowHalfClosure)
            {
                Pipeline.FireUserEventTriggered(ChannelInputShutdownEvent.Instance);
                if (_outputError is { } cause)
                {
                    Fail(cause);
                }
            }
            else
            {
                Unsafe.CloseAsync();
            }
        }
        else if (IsReadAllowed)
        {
            QueueRead();
        }
    }

    /// <returns>Bytes; 0 when there was nothing, the end, or an error, all of which it has noted.</returns>
    private int Receive(IByteBuffer buffer, int most)
    {
        nint received;
        Errno error;
        do
        {
            nint address = buffer.AddressOfPinnedMemory();
            if (address != 0)
            {
                received = Libc.Receive(Descriptor.Number, (byte*)address + buffer.WriterIndex, most, 0);
            }
            else
            {
                fixed (byte* bytes = &buffer.Array[buffer.ArrayOffset + buffer.WriterIndex])
                {
                    received = Libc.Receive(Descriptor.Number, bytes, most, 0);
                }
            }

            error = received < 0 ? ErrnoExtensions.Last() : Errno.None;
        }
        while (error == Errno.Interrupted);

        if (received > 0)
        {
            buffer.SetWriterIndex(buffer.WriterIndex + (int)received);
            _hasReadSince = true;
            return (int)received;
        }

        _isReadable = false;
        if (received == 0 && (_outputError is null || !BrokenOutput.TookTheError(_outputError)))
        {
            InputEnded = true;
        }
        else if (_outputError is not null)
        {
            Fail(_outputError);
        }
        else if (error != Errno.Again)
        {
            Fail(error.ToException());
        }
        else
        {
            _isEndNear = false;
        }

        return 0;
    }

    // Bytes, or an end that is not told yet.
    private bool HasUnread(SocketException cause)
    {
        byte first;
        nint unread = Libc.Receive(Descriptor.Number, &first, 1, Libc.MsgPeek);
        return unread > 0 || (unread == 0 && !BrokenOutput.TookTheError(cause));
    }
}
