using System.Net;

namespace IgsNetty.Transport;

/// <summary>
/// A bound UDP socket. Not a DotNetty channel: theirs makes a packet, an end point and a promise for every datagram
/// (docs/adr/0006). Members may be called from any thread.
/// </summary>
public interface IDatagramSocket
{
    /// <summary>The bound address, with the real port.</summary>
    IPEndPoint Address { get; }

    /// <summary>Sends one datagram, or drops it: never waits, never queues, never throws.</summary>
    /// <param name="destination">IPv4 addresses may be given to a socket that is bound to <c>[::]</c>.</param>
    /// <param name="payload">0 to 65,507 bytes; the caller keeps it.</param>
    DatagramSend Send(in UdpAddress destination, ReadOnlySpan<byte> payload);

    /// <summary>
    /// Calls back when the datagrams that the kernel holds now have been handed to the handler, in the socket's usual turns. On the loop;
    /// the callback comes there too, at once when the socket is closed or only sends, and never when it is closed meanwhile.
    /// </summary>
    void ReadOut(Action then);

    /// <summary>
    /// Frees the port at once, or, when Linux is looking at the socket for another thread just then, within a moment. On the
    /// loop: nothing is received any more; else what is under way may still come. Safe to call twice.
    /// </summary>
    void Close();
}
