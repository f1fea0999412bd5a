using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Transport.Names;

/// <summary>
/// Sends one DNS query and takes its answer. Each query has a socket of its own that is connected to the server: the system
/// chooses a random port, drops datagrams of other senders, and reports at once that nobody listens there. No thread waits.
/// </summary>
public static class DnsExchange
{
    /// <summary>Asks over UDP. What is not an answer to this query is ignored.</summary>
    /// <param name="server">The name server.</param>
    /// <param name="query">A whole DNS message.</param>
    /// <param name="isAnswer">Tells whether a datagram answers the query.</param>
    /// <param name="cancellation">Ends the wait; the socket is closed.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="SocketException">The server cannot be reached, or there is no descriptor.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<byte[]> AskDatagramAsync(
        IPEndPoint server, ReadOnlyMemory<byte> query, Func<ReadOnlyMemory<byte>, bool> isAnswer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(isAnswer);
        using Socket socket = DescriptorReserve.Open(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellation).ConfigureAwait(false);
        await socket.SendAsync(query, cancellation).ConfigureAwait(false);
        byte[] buffer = new byte[4096]; // without EDNS an answer has 512 bytes at most
        while (true)
        {
            int size = await socket.ReceiveAsync(buffer.AsMemory(), cancellation).ConfigureAwait(false);
            if (isAnswer(buffer.AsMemory(0, size)))
            {
                return buffer[..size];
            }
        }
    }

    /// <summary>Asks over TCP (RFC 7766), for an answer that is too long for a datagram.</summary>
    /// <returns>The answer; not checked. Null when the server closed the connection instead.</returns>
    /// <inheritdoc cref="AskDatagramAsync"/>
    public static async Task<byte[]?> AskStreamAsync(IPEndPoint server, ReadOnlyMemory<byte> query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(server);
        using Socket socket = DescriptorReserve.Open(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.NoDelay = true;
        await socket.ConnectAsync(server, cancellation).ConfigureAwait(false);
        byte[] sent = new byte[2 + query.Length];
        BinaryPrimitives.WriteUInt16BigEndian(sent, (ushort)query.Length);
        query.CopyTo(sent.AsMemory(2));
        for (int done = 0; done < sent.Length;)
        {
            done += await socket.SendAsync(sent.AsMemory(done), cancellation).ConfigureAwait(false);
        }

        byte[] length = new byte[2];
        if (!await FillAsync(socket, length, cancellation).ConfigureAwait(false))
        {
            return null;
        }

        byte[] answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        return await FillAsync(socket, answer, cancellation).ConfigureAwait(false) ? answer : null;
    }

    private static async Task<bool> FillAsync(Socket socket, Memory<byte> buffer, CancellationToken cancellation)
    {
        while (!buffer.IsEmpty)
        {
            int size = await socket.ReceiveAsync(buffer, cancellation).ConfigureAwait(false);
            if (size == 0)
            {
                return false;
            }

            buffer = buffer[size..];
        }

        return true;
    }
}
