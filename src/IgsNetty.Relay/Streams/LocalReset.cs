using IgsNetty.Transport;

namespace IgsNetty.Relay.Streams;

/// <summary>
/// The RST for a local application, behind the bytes that it is to get before: a close with RST throws away what has not left, and what has
/// left and is lost on its way is not sent again. So it waits until the application's system has acknowledged all.
/// </summary>
internal sealed class LocalReset : IDueReset
{
    /// <summary>How often it looks where the system does not tell: for about a quarter of a second.</summary>
    private const int BlindLooks = 8;

    private readonly IStreamSocket _socket;
    private bool _owesEnd;
    private int _blindLooks;

    private LocalReset(IStreamSocket socket, bool owesEnd)
    {
        _socket = socket;
        _owesEnd = owesEnd;
    }

    /// <summary>Begins it. Nothing is read from the socket any more. On its loop.</summary>
    /// <param name="resets">Those of the loop.</param>
    /// <param name="socket">The application's; its listener goes on hearing what leaves, until the channel is inactive.</param>
    /// <param name="owesEnd">The other side's FIN came before its reset, and has not been passed on yet.</param>
    public static void Begin(DueResets resets, IStreamSocket socket, bool owesEnd)
    {
        if (socket.Channel.Active)
        {
            socket.ResetOnClose(); // whoever closes it meanwhile
            socket.Channel.Configuration.AutoRead = false;
        }

        resets.Add(new LocalReset(socket, owesEnd));
    }

    long IDueReset.Look()
    {
        if (!_socket.Channel.Active)
        {
            return 0;
        }

        if (_socket.PendingBytes == 0 && _owesEnd)
        {
            _owesEnd = false;
            _socket.ShutdownOutput();
        }

        return _socket.PendingBytes + (_socket.UnacknowledgedBytes ?? (_blindLooks < BlindLooks ? ++_blindLooks : 0));
    }

    void IDueReset.Reset() => _socket.Abort();
}
