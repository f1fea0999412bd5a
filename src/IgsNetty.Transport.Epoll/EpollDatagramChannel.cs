using System.Net;
using System.Net.Sockets;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using IgsNetty.Transport.Epoll.Native;

namespace IgsNetty.Transport.Epoll;

/// <summary>
/// A UDP socket on epoll as a DotNetty channel: reads <see cref="DatagramPacket"/>, in buffers of just their size and never cut
/// short, and writes them, or <see cref="IByteBuffer"/> when it is connected; each many with one call. What the network says
/// of a connected one's datagrams (ICMP) comes as an exception event, and the channel lives on. The end point of a sender is
/// one object for its datagrams: not to be changed.
/// </summary>
public sealed partial class EpollDatagramChannel : EpollChannel, IDatagramChannel
{
    private static readonly ChannelMetadata DatagramMetadata = new(true);

    private readonly EpollDatagramChannelConfiguration _configuration;
    private volatile bool _isActive;
    private EndPoint? _remote;

    /// <summary>A socket of both families, where the system has both.</summary>
    /// <exception cref="SocketException">There is no descriptor left.</exception>
    public EpollDatagramChannel()
        : this(Socket.OSSupportsIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork)
    {
    }

    /// <summary>A socket of one family: InterNetwork, or InterNetworkV6, which takes IPv4 too.</summary>
    /// <exception cref="SocketException">There is no descriptor left, or no such family.</exception>
    public EpollDatagramChannel(AddressFamily family)
        : base(null, SocketDescriptor.Open(family, Libc.Dgram))
    {
        if (family == AddressFamily.InterNetworkV6)
        {
            Descriptor.TrySet(SocketOption.OnlyIPv6, 0);
        }

        _configuration = new EpollDatagramChannelConfiguration(this);
    }

    /// <inheritdoc/>
    public override IChannelConfiguration Configuration => _configuration;

    /// <inheritdoc/>
    public override ChannelMetadata Metadata => DatagramMetadata;

    /// <inheritdoc/>
    public override bool Active => _isActive;

    /// <inheritdoc/>
    protected override EndPoint? RemoteAddressInternal => _remote;

    // It can write without having been bound.
    private protected override bool IsWatchedAtOnce => true;

    // Every datagram that leaves makes room, and to be told of each would cost more than to send it.
    private protected override EpollEvents Watched => _isOutputFull ? EpollEvents.Readable | EpollEvents.Writable : EpollEvents.Readable;

    /// <inheritdoc/>
    public bool IsConnected() => _remote is not null;

    /// <inheritdoc/>
    protected override IChannelUnsafe NewUnsafe() => new EpollDatagramUnsafe(this);

    /// <inheritdoc/>
    protected override void DoBind(EndPoint localAddress)
    {
        base.DoBind(localAddress);
        _isActive = true;
    }

    /// <inheritdoc/>
    protected override void DoClose()
    {
        _isActive = false;
        base.DoClose();
        _writing?.Dispose();
        _writing = null; // it may be closed twice
    }

    private protected override void OnReady(EpollEvents events)
    {
        if ((events & (EpollEvents.Readable | EpollEvents.Error)) != 0)
        {
            OnReadable();
        }

        if (Open && (events & EpollEvents.Writable) != 0)
        {
            OnWritable();
        }
    }

    private sealed class EpollDatagramUnsafe(EpollDatagramChannel owner) : AbstractUnsafe(owner)
    {
        private readonly EpollDatagramChannel _owner = owner;

        protected override bool CanWrite => _owner.Open && _owner.Registered;

        public override Task ConnectAsync(EndPoint remoteAddress, EndPoint? localAddress)
        {
            if (!_owner.Open)
            {
                return CreateClosedChannelExceptionTask();
            }

            try
            {
                if (localAddress is not null)
                {
                    _owner.DoBind(localAddress);
                }

                Errno error = _owner.Descriptor.Connect(remoteAddress);
                if (error != Errno.None)
                {
                    throw error.ToException();
                }
            }
            catch (SocketException e)
            {
                CloseAsync();
                return Task.FromException(AnnotateConnectException(e, remoteAddress));
            }

            bool wasActive = _owner._isActive && localAddress is null;
            _owner._remote = remoteAddress;
            _owner._isActive = true;
            _owner.InvalidateLocalAddress(); // the kernel has chosen one of all addresses that it was bound to
            if (!wasActive)
            {
                _owner.Pipeline.FireChannelActive();
            }

            return Task.CompletedTask;
        }

        // While the kernel is full, a flush has nothing to ask it.
        protected override void Flush0()
        {
            if (!_owner._isOutputFull)
            {
                base.Flush0();
            }
        }

        public void FlushNow() => base.Flush0();
    }
}
