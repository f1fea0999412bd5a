using System.Net.Sockets;

namespace IgsNetty.Transport.Sockets;

/// <summary>
/// Sends and receives on a UDP socket that does not block, with errors as values. A socket that is closed gives errors too.
/// Sends may come from any thread.
/// </summary>
internal abstract class DatagramCalls : IDatagramSender
{
    /// <summary>The calls for this system.</summary>
    public static DatagramCalls For(Socket socket, bool portable) =>
        OperatingSystem.IsLinux() && !portable ? new LinuxDatagramCalls(socket.SafeHandle, socket.AddressFamily) : new PortableDatagramCalls(socket);

    /// <inheritdoc/>
    public abstract SocketError Send(in UdpAddress destination, ReadOnlySpan<byte> payload);

    /// <summary>Takes one datagram; one thread at a time.</summary>
    public abstract SocketError Receive(byte[] buffer, out UdpAddress source, out int count);

    /// <summary>Asked after a datagram: may there be another? An empty one need not be seen; the next wait finds it.</summary>
    public abstract bool MayHaveMore();
}
