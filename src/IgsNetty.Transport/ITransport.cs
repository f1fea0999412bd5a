using System.Net;
using DotNetty.Transport.Channels;

namespace IgsNetty.Transport;

/// <summary>The one place event loops and channels come from. Thread-safe.</summary>
public interface ITransport : IAsyncDisposable
{
    /// <summary>As in <c>Gateway:Transport</c>: <c>sockets</c> or <c>epoll</c>.</summary>
    string Name { get; }

    /// <summary>The loops; fixed for the transport's life.</summary>
    IReadOnlyList<IEventLoop> Loops { get; }

    /// <summary>
    /// Binds and accepts. Every accepted socket is handed to <paramref name="accept"/> unregistered, with reading off
    /// (<c>AutoRead</c> false); the callee adds its handlers and registers it on a loop.
    /// </summary>
    /// <param name="address">Where; port 0 lets the system choose.</param>
    /// <param name="accept">The socket, and the loop it should live on unless the callee knows better. On any thread; must not block.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The address cannot be bound.</exception>
    IListener Listen(IPEndPoint address, Action<IStreamSocket, IEventLoop> accept);

    /// <summary>
    /// Opens a TCP connection whose channel lives on the given loop. The channel then has reading off (<c>AutoRead</c>
    /// false) and no handlers. After the await, go back to the loop with <see cref="EventLoopSwitch.SwitchTo"/>.
    /// </summary>
    /// <exception cref="System.Net.Sockets.SocketException">The connection failed; the socket is closed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the socket is closed.</exception>
    Task<IStreamSocket> ConnectAsync(IPEndPoint address, IEventLoop loop, CancellationToken cancellation);

    /// <summary>Binds a UDP socket.</summary>
    /// <param name="address">
    /// Where; port 0 lets the system choose. <c>[::]</c> takes IPv4 too. Null: a port that the system chooses, on all
    /// addresses of all families that the system has.
    /// </param>
    /// <param name="loop">Where the handler is called: unless this is called there too, maybe before it returns.</param>
    /// <param name="handler">Takes what comes. Null: the socket only sends, and what comes is thrown away.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The address cannot be bound.</exception>
    IDatagramSocket BindDatagrams(IPEndPoint? address, IEventLoop loop, IDatagramHandler? handler);
}
