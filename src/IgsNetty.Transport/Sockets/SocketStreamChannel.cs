using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;

namespace IgsNetty.Transport.Sockets;

/// <summary>
/// DotNetty's TCP channel with what a relay misses in it: half-close (theirs closes the channel at the peer's FIN), RST
/// on purpose, a reset that can be told from an end (theirs reads "not connected" as end of stream), a close that cannot
/// leak the descriptor (theirs skips Dispose when Shutdown throws), and a direct send.
/// </summary>
internal sealed class SocketStreamChannel : TcpSocketChannel, IStreamSocket
{
    private static readonly Action<Task, object?> SentCallback = (task, state) => ((SocketStreamChannel)state!).OnWriteDone(task);

    // Sizes of the buffers that wait in the outbound queue, in order: their promises complete in that order.
    private readonly Queue<int> _queued = new();
    private bool _readOnce;
    private bool _aborting;
    private bool _failed;
    private bool _sending;
    private int _sentInsideSend;

    /// <summary>A socket that is to be connected.</summary>
    public SocketStreamChannel(AddressFamily family)
        : base(new Socket(family, SocketType.Stream, ProtocolType.Tcp))
    {
    }

    /// <summary>A socket that was accepted.</summary>
    public SocketStreamChannel(Socket accepted)
        : base(accepted)
    {
        SetState(StateFlags.Active);
        CacheLocalAddress();
        CacheRemoteAddress();
    }

    public IChannel Channel => this;

    public long PendingBytes { get; private set; }

    public IByteOutputListener? OutputListener { get; set; }

    public int TrySend(ReadOnlySpan<byte> bytes)
    {
        if (PendingBytes > 0 || _failed || !Active)
        {
            return 0;
        }

        int sent = Socket.Send(bytes, SocketFlags.None, out SocketError error);
        if (error is SocketError.Success)
        {
            return sent;
        }

        if (error != SocketError.WouldBlock)
        {
            Fail(new SocketException((int)error));
        }

        return 0;
    }

    public int Send(IByteBuffer buffer)
    {
        int size = buffer.ReadableBytes;
        int sent = TrySend(new ReadOnlySpan<byte>(buffer.Array, buffer.ArrayOffset + buffer.ReaderIndex, size));
        if (sent == size)
        {
            buffer.Release();
        }
        else
        {
            buffer.SkipBytes(sent);
            Enqueue(buffer);
        }

        return sent;
    }

    public void ShutdownOutput()
    {
        if (!Active || _failed)
        {
            return;
        }

        try
        {
            Socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException e)
        {
            Fail(e);
        }
    }

    public void Abort()
    {
        _aborting = true;
        _ = CloseAsync();
    }

    protected override IChannelUnsafe NewUnsafe() => new HalfClosingUnsafe(this);

    protected override void DoBeginRead()
    {
        // After an error the kernel only says "end": reading on would turn a reset into a FIN.
        if (!_failed)
        {
            _readOnce |= !Configuration.AutoRead;
            base.DoBeginRead();
        }
    }

    protected override int DoReadBytes(IByteBuffer byteBuf)
    {
        int received = Socket.Receive(
            byteBuf.Array, byteBuf.ArrayOffset + byteBuf.WriterIndex, byteBuf.WritableBytes, SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
        {
            return 0;
        }

        if (error != SocketError.Success)
        {
            throw new SocketException((int)error);
        }

        byteBuf.SetWriterIndex(byteBuf.WriterIndex + received);
        return received == 0 ? -1 : received;
    }

    protected override void DoClose()
    {
        if (_aborting && Open)
        {
            try
            {
                Socket.LingerState = new LingerOption(true, 0);
            }
            catch (SocketException)
            {
                // The connection is gone already, and with it the need for a reset.
            }
        }

        // Without "active" the base class leaves Socket.Shutdown out: it would turn a reset into an end, and when it
        // throws (the peer has reset) the socket would not be disposed.
        ResetState(StateFlags.Active);
        base.DoClose();
    }

    private void Enqueue(IByteBuffer buffer)
    {
        int size = buffer.ReadableBytes;
        PendingBytes += size;
        _queued.Enqueue(size);
        _sending = true;
        Task done = WriteAndFlushAsync(buffer);
        done.ContinueWith(SentCallback, this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _sending = false;
        if (_sentInsideSend > 0)
        {
            int sent = _sentInsideSend;
            _sentInsideSend = 0;
            EventLoop.Execute(static (c, n) => ((SocketStreamChannel)c).OutputListener?.OnSent((int)n), this, (object)sent);
        }
    }

    private void OnWriteDone(Task task)
    {
        if (!EventLoop.InEventLoop)
        {
            // The runtime moves a continuation to the pool when the stack is deep.
            EventLoop.Execute(static (c, t) => ((SocketStreamChannel)c).OnWriteDone((Task)t), this, task);
            return;
        }

        int size = _queued.Dequeue();
        PendingBytes -= size;
        if (!task.IsCompletedSuccessfully)
        {
            _ = task.Exception; // seen; the channel is closing
            return;
        }

        if (_sending)
        {
            _sentInsideSend += size;
        }
        else
        {
            OutputListener?.OnSent(size);
        }
    }

    private void Fail(SocketException cause)
    {
        if (_failed)
        {
            return;
        }

        _failed = true;
        EventLoop.Execute(
            static (c, e) =>
            {
                SocketStreamChannel channel = (SocketStreamChannel)c;
                channel.Pipeline.FireExceptionCaught((Exception)e);
                _ = channel.CloseAsync();
            },
            this,
            cause);
    }

    private sealed class HalfClosingUnsafe(SocketStreamChannel owner) : SocketByteChannelUnsafe(owner)
    {
        private readonly SocketStreamChannel _owner = owner;

        // The zero-byte receive has completed: there is something to read, an end, or an error.
        public override void FinishRead(SocketChannelAsyncOperation operation)
        {
            if ((_owner.ResetState(StateFlags.ReadScheduled) & StateFlags.Active) == 0 || _owner._failed)
            {
                return;
            }

            IChannelConfiguration configuration = _owner.Configuration;
            SocketError error = operation.SocketError;
            if (error == SocketError.Success && !configuration.AutoRead && !_owner._readOnce)
            {
                return; // reading was switched off meanwhile; turning it on asks again
            }

            _owner._readOnce = false;
            bool ended = false;
            if (error == SocketError.Success)
            {
                error = ReadAll(configuration, out ended);
            }

            if (_owner.Open && error is not (SocketError.Success or SocketError.OperationAborted))
            {
                _owner.Fail(new SocketException((int)error));
            }

            RecvBufAllocHandle.ReadComplete();
            _owner.Pipeline.FireChannelReadComplete();
            if (_owner._failed || error != SocketError.Success)
            {
                return;
            }

            if (ended)
            {
                _owner.ShutdownInput();
                _owner.Pipeline.FireUserEventTriggered(ChannelInputShutdownEvent.Instance);
            }
            else if (configuration.AutoRead || _owner._readOnce)
            {
                _owner.DoBeginRead();
            }
        }

        private SocketError ReadAll(IChannelConfiguration configuration, out bool ended)
        {
            IRecvByteBufAllocatorHandle handle = RecvBufAllocHandle;
            handle.Reset(configuration);
            ended = false;
            SocketError error = SocketError.Success;
            IByteBuffer? buffer = null;
            try
            {
                do
                {
                    buffer = handle.Allocate(configuration.Allocator);
                    handle.LastBytesRead = _owner.DoReadBytes(buffer);
                    if (handle.LastBytesRead <= 0)
                    {
                        ended = handle.LastBytesRead < 0;
                        break;
                    }

                    IByteBuffer received = buffer;
                    buffer = null;
                    _owner.Pipeline.FireChannelRead(received);
                }
                while (handle.ContinueReading() && _owner.Active);
            }
            catch (SocketException e)
            {
                error = e.SocketErrorCode;
            }
            catch (ObjectDisposedException)
            {
                error = SocketError.OperationAborted; // closed by a handler in the middle of the batch
            }
            finally
            {
                buffer?.Release();
            }

            return error;
        }
    }
}
