using System.Net;
using System.Net.Sockets;
using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using IgsNetty.Transport.Epoll.Native;
using TaskCompletionSource = DotNetty.Common.Concurrency.TaskCompletionSource;

namespace IgsNetty.Transport.Epoll;

/// <summary>
/// A TCP or Unix domain socket on epoll, as a DotNetty channel and with what a relay needs beside (<see cref="IStreamSocket"/>).
/// Epoll tells each change once, so the channel remembers whether there may be something to read and whether the kernel is
/// full; nothing is asked of the kernel when reading is switched off and on.
/// </summary>
public sealed partial class EpollSocketChannel : EpollChannel, ISocketChannel, IStreamSocket
{
    // As many reads a batch as DotNetty's TcpSocketChannel makes.
    private static readonly ChannelMetadata StreamMetadata = new(false, 16);

    private readonly EpollSocketChannelConfiguration _configuration;
    private volatile bool _isActive;
    private EndPoint? _remote;
    private TaskCompletionSource? _connecting;
    private IScheduledTask? _connectLimit;
    private LoopShares? _shares;
    private int _share;
    private bool _isAborting;
    private bool _hasFailed;

    // A send has met that the connection is broken. What came before is read, then it fails.
    private SocketException? _outputError;
    private IScheduledTask? _patience;
    private bool _hasReadSince;

    /// <summary>A socket that is to be connected, to an IPv4 or an IPv6 address.</summary>
    /// <exception cref="SocketException">There is no descriptor left.</exception>
    public EpollSocketChannel()
        : this(Socket.OSSupportsIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork)
    {
    }

    /// <summary>A socket that is to be connected, of one family: InterNetwork, InterNetworkV6 or Unix.</summary>
    /// <exception cref="SocketException">There is no descriptor left, or no such family.</exception>
    public EpollSocketChannel(AddressFamily family)
        : base(null, SocketDescriptor.Open(family, Libc.Stream))
    {
        if (family == AddressFamily.InterNetworkV6)
        {
            Descriptor.TrySet(SocketOption.OnlyIPv6, 0);
        }

        if (family != AddressFamily.Unix)
        {
            Descriptor.TrySet(SocketOption.UrgentInline, 1);
        }

        _configuration = new EpollSocketChannelConfiguration(this) { TcpNoDelay = family != AddressFamily.Unix };
    }

    internal EpollSocketChannel(IChannel parent, SocketDescriptor accepted, EndPoint? remote)
        : base(parent, accepted)
    {
        _remote = remote;
        _isActive = true;
        _configuration = new EpollSocketChannelConfiguration(this);
    }

    /// <inheritdoc/>
    public override IChannelConfiguration Configuration => _configuration;

    /// <inheritdoc/>
    public override ChannelMetadata Metadata => StreamMetadata;

    /// <inheritdoc/>
    public override bool Active => _isActive;

    /// <inheritdoc/>
    public IChannel Channel => this;

    /// <inheritdoc/>
    protected override EndPoint? RemoteAddressInternal => _remote;

    /// <inheritdoc/>
    public TimeSpan? LeastRoundTrip => _configuration.TcpInfo.LeastRoundTripTime is { Ticks: > 0 } least ? least : null;

    /// <summary>How long a failed output waits for a reader that reads nothing; for tests.</summary>
    internal TimeSpan UnreadPatience { get; set; } = BrokenOutput.UnreadPatience;

    /// <inheritdoc/>
    public unsafe long? UnacknowledgedBytes
    {
        get
        {
            if (!Open)
            {
                return 0;
            }

            if (Descriptor.Family == Libc.Unix)
            {
                return null;
            }

            byte* info = stackalloc byte[KernelQueue.InfoSize];
            Descriptor.Get(SocketOption.TcpInfo, info, KernelQueue.InfoSize);
            return KernelQueue.Unacknowledged(new ReadOnlySpan<byte>(info, KernelQueue.InfoSize));
        }
    }

    /// <inheritdoc/>
    public void ResetOnClose()
    {
        _isAborting = true;
        if (Open)
        {
            Descriptor.SetLinger(0);
        }
    }

    /// <inheritdoc/>
    public void LimitQueue(int unsent, int unacknowledged)
    {
        _configuration.TcpNotSentLowWaterMark = unsent;

        // A buffer that was set no longer follows the path's needs. Where that can't be taken back (before Linux 5.14) it is not set.
        if (Descriptor.TrySet(SocketOption.BufferLock, 0) && unacknowledged > 0)
        {
            _configuration.SendBufferSize = unacknowledged;
        }
    }

    /// <inheritdoc/>
    public void Abort()
    {
        _isAborting = true;
        _ = CloseAsync();
    }

    /// <summary>
    /// Sends FIN behind what the kernel has taken; reading continues. Bytes that wait in the channel are lost: call it when their
    /// promises are complete. On any thread; the counterpart of DotNetty's <c>TcpSocketChannel.ShutdownOutputAsync</c>.
    /// </summary>
    public Task ShutdownOutputAsync()
    {
        if (EventLoop.InEventLoop)
        {
            ShutdownOutput();
            return Task.CompletedTask;
        }

        TaskCompletionSource done = new();
        EventLoop.Execute(
            static (c, p) =>
            {
                ((EpollSocketChannel)c).ShutdownOutput();
                ((TaskCompletionSource)p).TryComplete();
            },
            this,
            done);
        return done.Task;
    }

    /// <inheritdoc/>
    protected override IChannelUnsafe NewUnsafe() => new EpollSocketUnsafe(this);

    /// <summary>Counts an accepted socket among those of its listener, until it closes.</summary>
    /// <returns>The number of the loop that it is for.</returns>
    internal int TakeShare(LoopShares shares)
    {
        _shares = shares;
        return _share = shares.Take();
    }

    /// <inheritdoc/>
    protected override void DoClose()
    {
        _isActive = false;
        if (Open && (_isAborting || PendingBytes > 0 || _hasUnwritten))
        {
            Descriptor.SetLinger(0); // a stream that lacks bytes must not look complete
        }

        PendingBytes = 0;
        _patience?.Cancel(); // else it holds the channel until then
        _shares?.Return(_share);
        _shares = null;
        base.DoClose();
        EndConnecting(new ClosedChannelException());
    }

    private protected override void OnReady(EpollEvents events)
    {
        if (_connecting is not null)
        {
            FinishConnect(events);
        }

        if (!_isActive || _hasFailed)
        {
            return;
        }

        // Read first: what came before an error is still there, and the kernel tells the error only once.
        if ((events & ~EpollEvents.Writable) != 0)
        {
            OnReadable((events & (EpollEvents.PeerEnded | EpollEvents.HangUp | EpollEvents.Error | EpollEvents.Urgent)) != 0);
        }

        if (!_hasFailed && (events & (EpollEvents.Writable | EpollEvents.HangUp | EpollEvents.Error)) != 0)
        {
            OnWritable();
        }
    }

    private void FinishConnect(EpollEvents events)
    {
        if ((events & (EpollEvents.Writable | EpollEvents.HangUp | EpollEvents.Error)) == 0)
        {
            return;
        }

        Errno error = Descriptor.TakeError();
        if (error == Errno.None)
        {
            OnConnected((EndPoint)_connecting!.Task.AsyncState!);
        }
        else
        {
            SocketException cause = error.ToException();
            FailConnecting(new ConnectException($"No connection to {_connecting!.Task.AsyncState}: {cause.Message}", cause));
        }
    }

    private void OnConnected(EndPoint remote)
    {
        _remote = remote;
        _isActive = true;
        InvalidateLocalAddress(); // the kernel has chosen one of all addresses that it was bound to
        TaskCompletionSource? connecting = _connecting;
        _connecting = null;
        _connectLimit?.Cancel();
        connecting?.TryComplete();
        Pipeline.FireChannelActive();
    }

    private void FailConnecting(Exception cause)
    {
        EndConnecting(cause);
        Unsafe.CloseAsync();
    }

    private void EndConnecting(Exception cause)
    {
        TaskCompletionSource? connecting = _connecting;
        _connecting = null;
        _connectLimit?.Cancel();
        connecting?.TrySetException(cause);
    }

    // Of a send. What the peer sent before it broke the connection is still there for the one who reads.
    private void FailOutput(SocketException cause)
    {
        if (_hasFailed || _outputError is not null)
        {
            return;
        }

        _outputError = cause;
        if (InputEnded || !HasUnread(cause))
        {
            Fail(cause);
            return;
        }

        _isReadable = true;
        _isEndNear = true;
        if (IsReadAllowed)
        {
            QueueRead();
        }

        WaitForReader();
    }

    private void WaitForReader()
    {
        _hasReadSince = false;
        _patience = EventLoop.Schedule(static c => ((EpollSocketChannel)c).OnPatienceOver(), this, UnreadPatience);
    }

    private void OnPatienceOver()
    {
        if (_hasReadSince)
        {
            WaitForReader();
        }
        else if (_isActive)
        {
            Fail(_outputError!);
        }
    }

    // In a turn of its own: its finder is in the middle of something.
    private void Fail(SocketException cause)
    {
        if (_hasFailed)
        {
            return;
        }

        _hasFailed = true;
        EventLoop.Execute(
            static (c, e) =>
            {
                EpollSocketChannel channel = (EpollSocketChannel)c;
                if (channel.Pipeline.FirstContext() is not null)
                {
                    channel.Pipeline.FireExceptionCaught((Exception)e); // else closed meanwhile, or between two owners: the end tells enough
                }

                channel.Unsafe.CloseAsync();
            },
            this,
            cause);
    }

    private sealed class EpollSocketUnsafe(EpollSocketChannel owner) : AbstractUnsafe(owner), IChannelUnsafe
    {
        private readonly EpollSocketChannel _owner = owner;

        /// <summary>In place of DotNetty's own, which makes an object each time (for an error that there is none of here): once a read.</summary>
        void IChannelUnsafe.BeginRead()
        {
            if (_owner._isActive)
            {
                _owner.DoBeginRead();
            }
        }

        public override Task ConnectAsync(EndPoint remoteAddress, EndPoint? localAddress)
        {
            if (!_owner.Open)
            {
                return CreateClosedChannelExceptionTask();
            }

            if (_owner._connecting is not null)
            {
                return Task.FromException(new InvalidOperationException("The channel is connecting already."));
            }

            if (_owner._isActive)
            {
                return Task.FromException(AnnotateConnectException(Errno.IsConnected.ToException(), remoteAddress));
            }

            try
            {
                if (localAddress is not null)
                {
                    _owner.DoBind(localAddress);
                }

                Errno error = _owner.Descriptor.Connect(remoteAddress);
                if (error is not (Errno.None or Errno.InProgress))
                {
                    throw error.ToException();
                }

                return Connecting(remoteAddress, error == Errno.None);
            }
            catch (Exception e)
            {
                CloseAsync();
                return Task.FromException(AnnotateConnectException(e, remoteAddress));
            }
        }

        // To loopback it is connected at once, mostly.
        private Task Connecting(EndPoint remote, bool isConnected)
        {
            _owner.Watch();
            if (isConnected)
            {
                _owner.OnConnected(remote); // its handlers may close it
                return Task.CompletedTask;
            }

            _owner._connecting = new TaskCompletionSource(remote);
            Task done = _owner._connecting.Task;
            TimeSpan limit = _owner.Configuration.ConnectTimeout;
            if (limit > TimeSpan.Zero)
            {
                _owner._connectLimit = _owner.EventLoop.Schedule(
                    static (c, remote) => ((EpollSocketChannel)c).FailConnecting(
                        new ConnectTimeoutException($"No connection to {remote} within ChannelOption.ConnectTimeout.")),
                    _owner,
                    remote,
                    limit);
            }

            return done;
        }

        // While the kernel is full, a flush has nothing to ask it.
        protected override void Flush0()
        {
            if (!_owner._isOutputFull)
            {
                FlushNow();
            }
        }

        public void FlushNow()
        {
            base.Flush0();
            _owner.ReportSent();
        }
    }
}
