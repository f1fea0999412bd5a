using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;

namespace IgsNetty.Transport.Sockets;

/// <summary>
/// DotNetty's TCP channel with what a relay misses in it: half-close (theirs closes the channel at the peer's FIN), RST
/// on purpose, a reset that can be told from an end (theirs reads "not connected" as end of stream), a close that cannot
/// leak the descriptor (theirs skips Dispose when Shutdown throws), and a direct send.
/// </summary>
internal sealed partial class SocketStreamChannel : TcpSocketChannel, IStreamSocket
{
    private const int LinuxTcpLevel = 6;
    private const int LinuxNotSentLowWaterMark = 25; // TCP_NOTSENT_LOWAT
    private const int LinuxTcpInfo = 11;

    private bool _aborting;
    private bool _failed;

    /// <summary>A socket that is to be connected.</summary>
    public SocketStreamChannel(AddressFamily family)
        : base(DescriptorReserve.Open(family, SocketType.Stream, ProtocolType.Tcp))
    {
        KeepUrgentInline(Socket);
    }

    /// <summary>A socket that was accepted.</summary>
    public SocketStreamChannel(Socket accepted)
        : base(accepted)
    {
        if (!OperatingSystem.IsLinux())
        {
            KeepUrgentInline(accepted);
        }

        SetState(StateFlags.Active);
        CacheLocalAddress();
        CacheRemoteAddress();
    }

    public IChannel Channel => this;

    /// <summary>Is not asked: with .NET's sockets a read is under way before there is anything to read.</summary>
    public IReadGate? ReadGate { get; set; }

    public bool InputEnded => InputShutdown;

    public void ReadNow()
    {
    }

    public TimeSpan? LeastRoundTrip => null;

    public void LimitQueue(int unsent, int unacknowledged)
    {
        if (OperatingSystem.IsLinux())
        {
            Socket.SetRawSocketOption(LinuxTcpLevel, LinuxNotSentLowWaterMark, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in unsent)));
        }
    }

    public long? UnacknowledgedBytes
    {
        get
        {
            if (!Open)
            {
                return 0;
            }

            if (!OperatingSystem.IsLinux())
            {
                return null;
            }

            Span<byte> info = stackalloc byte[KernelQueue.InfoSize];
            info.Clear();
            Socket.GetRawSocketOption(LinuxTcpLevel, LinuxTcpInfo, info);
            return KernelQueue.Unacknowledged(info);
        }
    }

    public void ResetOnClose()
    {
        _aborting = true;
        if (Open)
        {
            try
            {
                Socket.LingerState = new LingerOption(true, 0);
            }
            catch (SocketException)
            {
                // The connection is gone already.
            }
        }
    }

    public void Abort()
    {
        _aborting = true;
        _ = CloseAsync();
    }

    /// <summary>A byte that the peer calls urgent has its place in the stream like any other (docs/adr/0020).</summary>
    internal static void KeepUrgentInline(Socket socket) =>
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.OutOfBandInline, true);

    /// <summary>DotNetty's own: a read was asked for, and reading was not switched off since, in the order in which the loop heard of it.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field)]
    private static extern ref bool ReadPending(AbstractSocketChannel channel);

    protected override IChannelUnsafe NewUnsafe() => new HalfClosingUnsafe(this);

    protected override void DoRegister()
    {
        base.DoRegister();
        (EventLoop as SocketLoop)?.Add(this); // so that the transport's end closes it
    }

    protected override void DoDeregister()
    {
        (EventLoop as SocketLoop)?.Remove(this);
        base.DoDeregister();
    }

    protected override void DoBeginRead()
    {
        // After an error the kernel only says "end": reading on would turn a reset into a FIN.
        if (!_failed)
        {
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
        _hasReadSince = true;
        return received == 0 ? -1 : received;
    }

    protected override void DoClose()
    {
        _patience?.Cancel(); // else it holds the channel until then
        _lostBytes = 0;
        if (Open)
        {
            PrepareClose();
        }

        _writing?.Dispose();

        // Without "active" the base class leaves Socket.Shutdown out: it would turn a reset into an end, and when it
        // throws (the peer has reset) the socket would not be disposed.
        ResetState(StateFlags.Active);
        base.DoClose();
    }

    private void ReadAfterPause()
    {
        if (Active && Configuration.AutoRead)
        {
            DoBeginRead();
        }
    }

    private void PrepareClose()
    {
        try
        {
            if (_aborting || PendingBytes > 0 || IsInState(StateFlags.WriteScheduled))
            {
                Socket.LingerState = new LingerOption(true, 0); // a stream that lacks bytes must not look complete
            }
            else if (!_outputShut && !_failed && Socket.Available == 0)
            {
                // .NET closes a socket that has a read under way with a reset, unless FIN was sent before.
                Socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (SocketException)
        {
            // The connection is gone already.
        }
    }

    // The kernel tells an error once. When a write waits for room beside the read, it may be the one that was told, and
    // what is left for the read looks like an end.
    private bool IsBrokenBesidePendingWrite()
    {
        if (!IsInState(StateFlags.WriteScheduled))
        {
            return false;
        }

        Socket.Send(ReadOnlySpan<byte>.Empty, SocketFlags.None, out SocketError error);
        return error is not (SocketError.Success or SocketError.WouldBlock);
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
                if (channel.Pipeline.FirstContext() is not null)
                {
                    channel.Pipeline.FireExceptionCaught((Exception)e); // else closed meanwhile, or between two owners: the end tells enough
                }

                _ = channel.CloseAsync();
            },
            this,
            cause);
    }

    private sealed class HalfClosingUnsafe(SocketStreamChannel owner) : SocketByteChannelUnsafe(owner)
    {
        private readonly SocketStreamChannel _owner = owner;

        public void FlushNow() => Flush0();

        // The zero-byte receive has completed: there is something to read, an end, or an error.
        public override void FinishRead(SocketChannelAsyncOperation operation)
        {
            if ((_owner.ResetState(StateFlags.ReadScheduled) & StateFlags.Active) == 0 || _owner._failed)
            {
                return;
            }

            IChannelConfiguration configuration = _owner.Configuration;
            SocketError error = operation.SocketError;
            if (error == SocketError.Success && !configuration.AutoRead && !ReadPending(_owner))
            {
                return; // reading was switched off meanwhile; turning it on asks again
            }

            ReadPending(_owner) = false;
            bool ended = false;
            bool hasRead = false;
            if (error == SocketError.Success)
            {
                error = ReadAll(configuration, out hasRead, out ended);
            }

            if (ended && _owner.IsInState(StateFlags.ReadScheduled))
            {
                ended = false; // a handler has asked for another read, which knows better: it may have met an error
            }
            else if (ended && _owner._outputError is { } told && BrokenOutput.TookTheError(told))
            {
                error = told.SocketErrorCode;
            }
            else if (ended && _owner.IsBrokenBesidePendingWrite())
            {
                // The write will say whether it was told the error: then this is no end. It asks for the next read.
                RecvBufAllocHandle.ReadComplete();
                ReadPending(_owner) = true;
                if (hasRead)
                {
                    _owner.Pipeline.FireChannelReadComplete();
                }

                return;
            }
            else if (ended)
            {
                _owner.ShutdownInput(); // now: with AutoRead on, the batch's end asks for the next read
            }

            if (_owner.Open && error is not (SocketError.Success or SocketError.OperationAborted))
            {
                _owner.Fail(new SocketException((int)error));
            }

            RecvBufAllocHandle.ReadComplete();
            if (hasRead)
            {
                _owner.Pipeline.FireChannelReadComplete();
            }

            if (_owner._failed || error != SocketError.Success)
            {
                return;
            }

            if (ended)
            {
                _owner.Pipeline.FireUserEventTriggered(ChannelInputShutdownEvent.Instance);
                if (_owner._outputError is { } cause)
                {
                    _owner.Fail(cause);
                }
            }
            else if (configuration.AutoRead || ReadPending(_owner) || !hasRead)
            {
                _owner.DoBeginRead();
            }
        }

        private SocketError ReadAll(IChannelConfiguration configuration, out bool hasRead, out bool ended)
        {
            IRecvByteBufAllocatorHandle handle = RecvBufAllocHandle;
            handle.Reset(configuration);
            hasRead = false;
            ended = false;
            SocketError error = SocketError.Success;
            IByteBuffer? buffer = null;
            try
            {
                do
                {
                    buffer = handle.Allocate(configuration.Allocator);
                    handle.AttemptedBytesRead = buffer.WritableBytes; // not all allocators set it
                    handle.LastBytesRead = _owner.DoReadBytes(buffer);
                    if (handle.LastBytesRead <= 0)
                    {
                        ended = handle.LastBytesRead < 0;
                        break;
                    }

                    handle.IncMessagesRead(1);
                    IByteBuffer received = buffer;
                    buffer = null;
                    hasRead = true;
                    _owner.Pipeline.FireChannelRead(received);
                }
                while (handle.ContinueReading() && _owner.Active);
            }
            catch (OutOfMemoryException) when (buffer is null)
            {
                // The bytes stay in the socket. The connection is not to blame, and a link carries many calls.
                _owner.EventLoop.Schedule(static c => ((SocketStreamChannel)c).ReadAfterPause(), _owner, ReceiveBuffers.MemoryPause);
                error = SocketError.OperationAborted;
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
