namespace IgsNetty.Gateway.Configuration;

/// <summary>The <c>Gateway:Transport</c> key: which event loops and channels the program asks for.</summary>
internal enum TransportKind
{
    /// <summary>The program chooses, and says in its log what it chose and why.</summary>
    Auto,

    /// <summary>DotNetty's own sockets, on every operating system.</summary>
    Sockets,

    /// <summary>Native epoll, on Linux.</summary>
    Epoll,
}
