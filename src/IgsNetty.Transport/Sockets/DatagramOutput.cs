using System.Net.Sockets;

namespace IgsNetty.Transport.Sockets;

/// <summary>The sending side of a UDP socket, for any number of threads at once.</summary>
internal sealed class DatagramOutput(IDatagramSender sender, AddressFamily family, UndeliveredReports? reports)
{
    /// <summary>What fits an IPv4 packet.</summary>
    private const int LargestPayload = 65507;

    private long _fullAt = -1;

    public DatagramSend Send(in UdpAddress destination, ReadOnlySpan<byte> payload)
    {
        // Not left to the kernel: Linux would note it as an error of the socket's, in the room of what is received.
        if (payload.Length > LargestPayload)
        {
            return DatagramSend.TooLarge;
        }

        // It has told that it is full in this tick of the clock: to hear it again would cost as much as a send that succeeds.
        if (_fullAt == Environment.TickCount64)
        {
            return DatagramSend.Full;
        }

        if (family == AddressFamily.InterNetwork && !destination.IsIPv4)
        {
            return DatagramSend.Unreachable;
        }

        for (int attempt = 1; ; attempt++)
        {
            SocketError error = sender.Send(destination, payload);
            switch (error)
            {
                case SocketError.Success:
                    return DatagramSend.Sent;
                case SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable:
                    _fullAt = Environment.TickCount64;
                    return DatagramSend.Full;
            }

            bool isOfEarlier = reports?.Take(error) == true;
            if (!isOfEarlier || attempt == UndeliveredReports.MostAttempts)
            {
                return error == SocketError.MessageSize ? DatagramSend.TooLarge : DatagramSend.Unreachable;
            }
        }
    }
}
