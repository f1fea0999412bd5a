namespace IgsNetty.Transport;

/// <summary>Says, before each read of a stream socket, how much may be read. Called on the event loop.</summary>
public interface IReadGate
{
    /// <summary>
    /// Bytes have come. How many may be read now; 0: none, and the socket waits for <see cref="IStreamSocket.ReadNow"/>, or for
    /// its reading to be switched on the next time.
    /// </summary>
    int OnReadable();
}
