using DotNetty.Buffers;

namespace IgsNetty.Transport;

/// <summary>
/// The outgoing side of a byte channel as a relay needs it: send now, tell me when written. It stands beside DotNetty's
/// <c>WriteAsync</c> because that costs a promise and a queue entry a call. Implemented by stream sockets, and by what
/// may stand between a link and its socket (TLS). Every member is called on the channel's event loop.
/// </summary>
public interface IByteOutput
{
    /// <summary>
    /// Bytes that <see cref="Send"/> queued and the kernel has not taken yet. When the output is broken, what it is given stays pending
    /// until the channel closes, though its buffers are given back.
    /// </summary>
    long PendingBytes { get; }

    /// <summary>Told when bytes that <see cref="Send"/> queued have left. One listener; null: nobody.</summary>
    IByteOutputListener? OutputListener { get; set; }

    /// <summary>
    /// Offers bytes to the kernel at once. The caller keeps the buffer. Never fails: an error on the socket takes nothing
    /// here and ends the output; the channel closes when its input has been read to the end, and tells its handlers why.
    /// </summary>
    /// <returns>Bytes taken; 0 while earlier bytes are pending.</returns>
    int TrySend(ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Sends what the kernel takes at once and queues the rest, in order. Takes over the buffer's reference, on a closed
    /// channel too. The listener is told of the queued bytes, never from inside this call.
    /// </summary>
    /// <returns>Bytes taken at once: the listener is not told of these.</returns>
    int Send(IByteBuffer buffer);
}
