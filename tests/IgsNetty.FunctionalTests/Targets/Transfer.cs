using System.Net.Sockets;
using System.Security.Cryptography;

namespace IgsNetty.FunctionalTests.Targets;

/// <summary>Sends and receives <see cref="Payload"/>; what both ends of a call share.</summary>
internal static class Transfer
{
    private const int BufferBytes = 128 * 1024;

    /// <summary>
    /// Sends the first <paramref name="length"/> bytes of the payload; <paramref name="progress"/> is told after every piece how
    /// many bytes the socket has taken in all.
    /// </summary>
    /// <returns><see cref="StreamEnd.Reset"/> when the other end stopped it.</returns>
    public static async Task<StreamEnd> SendAsync(
        Socket socket, long length, CancellationToken deadline, Action<long>? progress = null)
    {
        try
        {
            for (long done = 0; done < length;)
            {
                ReadOnlyMemory<byte> part = Payload.At(done, Math.Min(length - done, BufferBytes));
                done += await socket.SendAsync(part, deadline);
                progress?.Invoke(done);
            }

            return StreamEnd.Clean;
        }
        catch (SocketException e) when (IsReset(e))
        {
            return StreamEnd.Reset;
        }
    }

    /// <summary>Receives to the end of the direction.</summary>
    public static async Task<Received> ReceiveAsync(Socket socket, CancellationToken deadline, Action<long>? progress = null)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[BufferBytes];
        long total = 0;
        StreamEnd end = StreamEnd.Clean;
        try
        {
            int count;
            while ((count = await socket.ReceiveAsync(buffer, deadline)) > 0)
            {
                hash.AppendData(buffer, 0, count);
                total += count;
                progress?.Invoke(total);
            }
        }
        catch (SocketException e) when (IsReset(e))
        {
            end = StreamEnd.Reset;
        }

        return new Received(total, Convert.ToHexStringLower(hash.GetHashAndReset()), end);
    }

    // A reset shows as EPIPE (Shutdown) to a sender whose socket has reported it once already.
    private static bool IsReset(SocketException e) => e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown;
}
