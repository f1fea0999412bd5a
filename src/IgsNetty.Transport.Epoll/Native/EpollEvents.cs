namespace IgsNetty.Transport.Epoll.Native;

/// <summary>What epoll tells of a descriptor.</summary>
[Flags]
internal enum EpollEvents : uint
{
    None = 0,

    /// <summary>EPOLLIN.</summary>
    Readable = 0x1,

    /// <summary>EPOLLPRI: an urgent byte has come.</summary>
    Urgent = 0x2,

    /// <summary>EPOLLOUT.</summary>
    Writable = 0x4,

    /// <summary>EPOLLERR: always told.</summary>
    Error = 0x8,

    /// <summary>EPOLLHUP, both directions have ended: always told.</summary>
    HangUp = 0x10,

    /// <summary>EPOLLRDHUP: the peer has sent its FIN, or a reset.</summary>
    PeerEnded = 0x2000,

    /// <summary>EPOLLET: told once for each change.</summary>
    EdgeTriggered = 1u << 31,
}
