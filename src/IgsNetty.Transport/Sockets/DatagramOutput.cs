using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Transport.Sockets;

/// <summary>The sending side of a UDP socket, for any number of threads at once.</summary>
internal sealed class DatagramOutput(Socket socket, UndeliveredReports? reports)
{
    /// <summary>What fits an IPv4 packet.</summary>
    private const int LargestPayload = 65507;

    /// <summary>
    /// An error of an earlier datagram takes the place of a sending. More can come between that and the next attempt, when
    /// others send to where nobody is.
    /// </summary>
    private const int MostAttempts = 16;

    [ThreadStatic]
    private static SocketAddress? t_destination4;

    [ThreadStatic]
    private static SocketAddress? t_destination6;

    private long _fullAt = -1;

    public DatagramSend Send(in UdpAddress destination, ReadOnlySpan<byte> payload)
    {
        // Not left to the kernel: Linux would note it as an error of the socket's, in the room of what is received.
        if (payload.Length > LargestPayload)
        {
            return DatagramSend.TooLarge;
        }

        // A full socket throws, which costs more than the send: not tried again within the same tick of the clock.
        if (_fullAt == Environment.TickCount64)
        {
            return DatagramSend.Full;
        }

        SocketAddress to = socket.AddressFamily == AddressFamily.InterNetwork
            ? t_destination4 ??= new SocketAddress(AddressFamily.InterNetwork)
            : t_destination6 ??= new SocketAddress(AddressFamily.InterNetworkV6);
        if (!destination.TryWrite(to))
        {
            return DatagramSend.Unreachable;
        }

        for (int attempt = 1; ; attempt++)
        {
            SocketError error = TrySend(payload, to);
            switch (error)
            {
                case SocketError.Success:
                    return DatagramSend.Sent;
                case SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable:
                    _fullAt = Environment.TickCount64;
                    return DatagramSend.Full;
            }

            bool isOfEarlier = reports?.Take(error) == true;
            if (!isOfEarlier || attempt == MostAttempts)
            {
                return error == SocketError.MessageSize ? DatagramSend.TooLarge : DatagramSend.Unreachable;
            }
        }
    }

    private SocketError TrySend(ReadOnlySpan<byte> payload, SocketAddress to)
    {
        try
        {
            socket.SendTo(payload, SocketFlags.None, to);
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
        catch (ObjectDisposedException)
        {
            return SocketError.OperationAborted;
        }
    }
}
