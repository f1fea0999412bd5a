using DotNetty.Transport.Channels;

namespace IgsNetty.Transport;

/// <summary>
/// A connected TCP socket as a DotNetty channel that keeps what TCP tells: the end of the peer's direction arrives as
/// <see cref="DotNetty.Transport.Channels.Sockets.ChannelInputShutdownEvent"/> and leaves the other direction open, a
/// reset arrives as an exception before the channel goes inactive, and behind all that came before it: a send that meets it first ends
/// the output only (<see cref="BrokenOutput"/>). Members are called on the event loop.
/// </summary>
public interface IStreamSocket : IByteOutput
{
    /// <summary>The channel.</summary>
    IChannel Channel { get; }

    /// <summary>The peer's FIN was read; nothing more will come.</summary>
    bool InputEnded { get; }

    /// <summary>
    /// Asked before each read while reading is on (<c>AutoRead</c>), so that bytes stay in the kernel until they can be passed on.
    /// Null: nobody is asked. A transport whose reads begin before there is anything to read asks nobody.
    /// </summary>
    IReadGate? ReadGate { get; set; }

    /// <summary>Reads what has come since <see cref="ReadGate"/> said no, if reading is on; the gate is asked again.</summary>
    void ReadNow();

    /// <summary>
    /// As <see cref="IByteOutput.TrySend"/>, of the last bytes: <see cref="ShutdownOutput"/> follows in the same turn, so the system may
    /// keep them for the FIN and send both in one segment (Linux: MSG_MORE). Where it can't, this is <see cref="IByteOutput.TrySend"/>.
    /// </summary>
    /// <returns>Bytes taken; of fewer than all, the rest is sent as any others.</returns>
    int TrySendLast(ReadOnlySpan<byte> bytes);

    /// <summary>Sends FIN; call it when nothing is pending. Reading goes on.</summary>
    void ShutdownOutput();

    /// <summary>The least round trip that TCP itself has seen in the last minutes; null where the transport or the system does not tell.</summary>
    TimeSpan? LeastRoundTrip { get; }

    /// <summary>
    /// Limits what the kernel queues for the peer; more is taken again when less waits. For an open channel. May be called again with
    /// other limits. Does nothing where the system has no such limit.
    /// </summary>
    /// <param name="unsent">About the most bytes that have not left yet (TCP_NOTSENT_LOWAT).</param>
    /// <param name="unacknowledged">
    /// About the most bytes that have not left or that the peer has not acknowledged (SO_SNDBUF); 0: as many as the kernel thinks right. The
    /// portable transport leaves that to the kernel always.
    /// </param>
    void LimitQueue(int unsent, int unacknowledged);

    /// <summary>
    /// About the bytes that the kernel was given and that the peer's system has not acknowledged, FIN included; 0 when there are none, and
    /// when the connection is gone. Null: the system does not tell. Asks the system.
    /// </summary>
    long? UnacknowledgedBytes { get; }

    /// <summary>From here on a close by whoever, and the end of the process too, closes it with RST.</summary>
    void ResetOnClose();

    /// <summary>Closes at once with RST (SO_LINGER 0); what is pending is thrown away.</summary>
    void Abort();
}
