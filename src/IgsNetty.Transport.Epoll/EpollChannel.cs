using System.Net;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Epoll.Native;

namespace IgsNetty.Transport.Epoll;

/// <summary>What the channels of this project share: a socket, and the loop that looks at it. Registered with an <see cref="EpollEventLoop"/> only.</summary>
public abstract class EpollChannel : AbstractChannel, IEpollTarget, IEpollClosable
{
    private bool _isWatched;

    private protected EpollChannel(IChannel? parent, SocketDescriptor descriptor)
        : base(parent)
    {
        Descriptor = descriptor;
    }

    /// <inheritdoc/>
    public override bool Open => !Descriptor.IsDisposed;

    /// <inheritdoc/>
    protected override EndPoint? LocalAddressInternal => Descriptor.LocalAddress();

    internal SocketDescriptor Descriptor { get; }

    /// <summary>The loop it is registered with; null before.</summary>
    private protected EpollEventLoop? Loop { get; private set; }

    void IEpollTarget.OnReady(EpollEvents events) => OnReady(events);

    void IEpollClosable.CloseWithLoop() => Unsafe.CloseAsync();

    /// <inheritdoc cref="IEpollTarget.OnReady"/>
    private protected abstract void OnReady(EpollEvents events);

    /// <summary>Is there something to hear of from the moment it is registered?</summary>
    private protected virtual bool IsWatchedAtOnce => Active;

    /// <summary>What it hears of, beside errors.</summary>
    private protected virtual EpollEvents Watched => EpollEventLoop.Everything;

    /// <inheritdoc/>
    protected override bool IsCompatible(IEventLoop eventLoop) => eventLoop is EpollEventLoop;

    /// <inheritdoc/>
    protected override void DoRegister()
    {
        Loop = (EpollEventLoop)EventLoop;
        if (IsWatchedAtOnce)
        {
            Watch();
        }
    }

    /// <inheritdoc/>
    protected override void DoDeregister() => Unwatch();

    /// <inheritdoc/>
    protected override void DoBind(EndPoint localAddress)
    {
        Descriptor.Bind(localAddress);
        InvalidateLocalAddress();
    }

    /// <inheritdoc/>
    protected override void DoDisconnect() => DoClose();

    /// <inheritdoc/>
    protected override void DoClose()
    {
        if (!Open)
        {
            return;
        }

        _ = LocalAddress; // a closed channel still has its address
        Unwatch();
        Descriptor.Dispose();
    }

    private protected void Watch()
    {
        if (!_isWatched)
        {
            Loop!.Add(Descriptor.Number, this, Watched);
            _isWatched = true;
        }
    }

    /// <summary><see cref="Watched"/> has changed.</summary>
    private protected void WatchAgain()
    {
        if (_isWatched)
        {
            Loop!.Change(Descriptor.Number, Watched);
        }
    }

    private void Unwatch()
    {
        if (_isWatched)
        {
            _isWatched = false;
            Loop!.Remove(Descriptor.Number, this);
        }
    }
}
