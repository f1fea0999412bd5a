using IgsNetty.Transport.Epoll.Native;

namespace IgsNetty.Transport.Epoll;

/// <summary>Hears of a descriptor that is registered with an <see cref="EpollEventLoop"/>, on that loop.</summary>
internal interface IEpollTarget
{
    /// <param name="events">Hints: what they say is found out by trying.</param>
    void OnReady(EpollEvents events);
}
