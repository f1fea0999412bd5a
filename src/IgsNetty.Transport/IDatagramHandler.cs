namespace IgsNetty.Transport;

/// <summary>Takes what a UDP socket receives. Called on the socket's loop.</summary>
public interface IDatagramHandler
{
    /// <param name="source">Who sent it.</param>
    /// <param name="payload">0 to 65,527 bytes; valid during the call.</param>
    void OnDatagram(in UdpAddress source, ReadOnlySpan<byte> payload);

    /// <summary>
    /// There is something to receive: may the socket take a batch of it now? Called before each batch, and again after the
    /// pause; what the kernel has no room for meanwhile is lost.
    /// </summary>
    /// <returns>How long to wait with it; zero: not at all.</returns>
    TimeSpan OnReadable();

    /// <summary>The batch is over.</summary>
    void OnReadComplete();

    /// <summary>The network said (ICMP) that datagrams sent earlier did not arrive. The socket lives on.</summary>
    /// <param name="reports">How many times it said so.</param>
    void OnUndelivered(int reports);
}
