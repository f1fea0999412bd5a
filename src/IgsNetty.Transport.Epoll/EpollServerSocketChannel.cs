using System.Net;
using System.Net.Sockets;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using IgsNetty.Transport.Epoll.Native;

namespace IgsNetty.Transport.Epoll;

/// <summary>
/// A listening TCP or Unix domain socket on epoll. What it accepts it gives to its pipeline as <see cref="EpollSocketChannel"/>,
/// not yet registered. When descriptors run out it says so (<c>ExceptionCaught</c>) and looks again after a second.
/// </summary>
public sealed unsafe class EpollServerSocketChannel : EpollChannel, IServerSocketChannel
{
    /// <summary>Most callers accepted in one turn, so that a flood of them does not starve the loop's other sockets.</summary>
    private const int CallersPerTurn = 4;

    private const int LargestAddress = 128;

    private static readonly TimeSpan PauseWithoutDescriptors = TimeSpan.FromSeconds(1);
    private static readonly ChannelMetadata ServerMetadata = new(false);

    private readonly EpollServerSocketChannelConfiguration _configuration;
    private volatile bool _isListening;
    private bool _isReadable;
    private bool _isPaused;
    private bool _isReadWanted;
    private bool _isReadOnce;
    private bool _isAcceptQueued;

    /// <summary>A socket that listens on IPv4 and IPv6 addresses.</summary>
    /// <exception cref="SocketException">There is no descriptor left.</exception>
    public EpollServerSocketChannel()
        : this(Socket.OSSupportsIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork)
    {
    }

    /// <summary>A socket of one family: InterNetwork, InterNetworkV6 (takes IPv4 too, when bound to <c>[::]</c>) or Unix.</summary>
    /// <exception cref="SocketException">There is no descriptor left, or no such family.</exception>
    public EpollServerSocketChannel(AddressFamily family)
        : base(null, SocketDescriptor.Open(family, Libc.Stream))
    {
        _configuration = new EpollServerSocketChannelConfiguration(this) { ReuseAddress = true };
        if (family == AddressFamily.InterNetworkV6)
        {
            Descriptor.TrySet(SocketOption.OnlyIPv6, 0);
        }

        if (family != AddressFamily.Unix)
        {
            // What is accepted inherits them.
            Descriptor.TrySet(SocketOption.NoDelay, 1);
            Descriptor.TrySet(SocketOption.UrgentInline, 1);
        }
    }

    /// <inheritdoc/>
    public override IChannelConfiguration Configuration => _configuration;

    /// <inheritdoc/>
    public override ChannelMetadata Metadata => ServerMetadata;

    /// <inheritdoc/>
    public override bool Active => _isListening;

    /// <inheritdoc/>
    protected override EndPoint? RemoteAddressInternal => null;

    private bool IsReadAllowed => _isReadWanted && (_configuration.AutoRead || _isReadOnce);

    /// <summary>Stops accepting at once, on any thread; the channel is still to be closed.</summary>
    internal void StopListening()
    {
        try
        {
            _ = Libc.Shutdown(Descriptor, Libc.ShutBoth);
        }
        catch (ObjectDisposedException)
        {
            // Closed already.
        }
    }

    /// <summary>Binds and listens; before it is registered too.</summary>
    internal void BindAndListen(EndPoint address) => DoBind(address);

    /// <inheritdoc/>
    protected override void DoBind(EndPoint localAddress)
    {
        base.DoBind(localAddress);
        if (Libc.Listen(Descriptor.Number, _configuration.Backlog) != 0)
        {
            throw ErrnoExtensions.LastException();
        }

        _isListening = true;
        if (Loop is not null)
        {
            Watch();
        }
    }

    /// <inheritdoc/>
    protected override void DoClose()
    {
        _isListening = false;
        base.DoClose();
    }

    /// <inheritdoc/>
    protected override void DoBeginRead()
    {
        _isReadWanted = true;
        _isReadOnce |= !_configuration.AutoRead;
        QueueAccept();
    }

    /// <inheritdoc/>
    protected override void DoWrite(ChannelOutboundBuffer input) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override object FilterOutboundMessage(object msg) => throw new NotSupportedException("A listening channel writes nothing.");

    /// <inheritdoc/>
    protected override IChannelUnsafe NewUnsafe() => new ServerUnsafe(this);

    private protected override void OnReady(EpollEvents events)
    {
        _isReadable = true;
        if (IsReadAllowed && !_isPaused)
        {
            AcceptBatch();
        }
    }

    private void QueueAccept()
    {
        if (_isReadable && !_isPaused && !_isAcceptQueued)
        {
            _isAcceptQueued = true;
            EventLoop.Execute(static c => ((EpollServerSocketChannel)c).AcceptAgain(), this);
        }
    }

    private void AcceptAgain()
    {
        _isAcceptQueued = false;
        if (_isListening && _isReadable && IsReadAllowed && !_isPaused)
        {
            AcceptBatch();
        }
    }

    private void AcceptBatch()
    {
        bool isOnce = _isReadOnce;
        _isReadWanted = false; // from here on, a Read of a handler asks for the next batch
        _isReadOnce = false;
        int accepted = 0;
        for (int i = 0; i < CallersPerTurn && _isListening && (accepted == 0 || _configuration.AutoRead) && Accept(ref accepted); i++)
        {
        }

        if (accepted > 0)
        {
            Pipeline.FireChannelReadComplete(); // asks for the next batch, with AutoRead on
        }
        else if (_isListening)
        {
            _isReadWanted = true; // nobody has come: who was asked for is still to be accepted
            _isReadOnce |= isOnce;
            QueueAccept();
        }
    }

    /// <returns>False when there is nobody, or no room for anybody.</returns>
    private bool Accept(ref int accepted)
    {
        byte* address = stackalloc byte[LargestAddress];
        int size = LargestAddress;
        SocketDescriptor? caller = Descriptor.Accept(address, &size);
        if (caller is not null)
        {
            accepted++;
            EndPoint? remote = SocketDescriptor.ToEndPoint(new ReadOnlySpan<byte>(address, size));
            Pipeline.FireChannelRead(new EpollSocketChannel(this, caller, remote));
            return true;
        }

        Errno error = ErrnoExtensions.Last();
        switch (error)
        {
            case Errno.Again:
                _isReadable = false;
                return false;
            case Errno.Interrupted:
                return true;
            case Errno.TooManyOpenFiles or Errno.TooManyOpenFilesInSystem or Errno.NoBuffers or Errno.NoMemory:
                Pause();
                Pipeline.FireExceptionCaught(error.ToException());
                return false;
            case Errno.BadDescriptor or Errno.InvalidArgument:
                _isReadable = false; // it listens no more
                return false;
            default:
                Pipeline.FireExceptionCaught(error.ToException()); // one caller that is gone, say; the others are not
                return true;
        }
    }

    // Epoll does not tell again of those who wait.
    private void Pause()
    {
        _isPaused = true;
        EventLoop.Schedule(
            static c =>
            {
                EpollServerSocketChannel channel = (EpollServerSocketChannel)c;
                channel._isPaused = false;
                channel.QueueAccept();
            },
            this,
            PauseWithoutDescriptors);
    }

    private sealed class ServerUnsafe(EpollServerSocketChannel owner) : AbstractUnsafe(owner)
    {
        public override Task ConnectAsync(EndPoint remoteAddress, EndPoint localAddress) =>
            Task.FromException(new NotSupportedException("A listening channel does not connect."));
    }
}
