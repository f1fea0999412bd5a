namespace IgsNetty.Transport;

/// <summary>Takes what a UDP socket receives. Called on the socket's loop.</summary>
public interface IDatagramHandler
{
    /// <param name="source">Who sent it.</param>
    /// <param name="payload">0 to 65,527 bytes; valid during the call.</param>
    void OnDatagram(in UdpAddress source, ReadOnlySpan<byte> payload);

    /// <summary>The network said (ICMP) that a datagram sent earlier did not arrive. The socket lives on.</summary>
    void OnUndelivered();
}
