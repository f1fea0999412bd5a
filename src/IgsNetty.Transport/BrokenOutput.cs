using System.Net.Sockets;

namespace IgsNetty.Transport;

/// <summary>
/// A connection that is broken, and a send that is the first to meet it. Such a send ends the output only: what the peer sent before its
/// reset is still in the kernel, and its reader gets it before the failure is told. What both transports say of it stands here
/// (docs/adr/0019).
/// </summary>
public static class BrokenOutput
{
    /// <summary>How long the failure waits for a reader that reads nothing.</summary>
    public static TimeSpan UnreadPatience { get; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Linux tells the error of a reset once. A send that was told takes it away, and to the read behind the last byte the reset then looks
    /// like an end. A send that only heard that there is no connection took nothing away: an end that is read then is the peer's FIN, which
    /// came before its reset.
    /// </summary>
    /// <returns>Whether the send was told the error of the reset.</returns>
    public static bool TookTheError(SocketException cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return cause.SocketErrorCode is not (SocketError.Shutdown or SocketError.NotConnected);
    }
}
