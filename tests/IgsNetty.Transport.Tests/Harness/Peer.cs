using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>The other end of a connection under test: a plain socket.</summary>
internal sealed class Peer(Socket socket) : IDisposable
{
    private const int BufferBytes = 64 * 1024;
    private const int TcpLevel = 6;
    private const int TcpCork = 3;

    public IPEndPoint Local { get; } = (IPEndPoint)socket.LocalEndPoint!;

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes).AsTask().InTime("the peer's send")..];
        }
    }

    public async Task<byte[]> ReceiveAsync(int count, int atOnce = int.MaxValue)
    {
        byte[] bytes = new byte[count];
        for (int done = 0; done < count;)
        {
            int received = await socket.ReceiveAsync(bytes.AsMemory(done, Math.Min(atOnce, count - done))).AsTask().InTime($"byte {done} of {count} at the peer");
            done += received > 0 ? received : throw new EndOfStreamException($"the peer got {done} bytes of {count}, then the end");
        }

        return bytes;
    }

    /// <summary>Reads until the end or an error, never more at a time than <paramref name="atOnce"/>.</summary>
    public async Task<PeerInput> ReceiveAllAsync(int atOnce = BufferBytes)
    {
        using MemoryStream all = new();
        byte[] buffer = new byte[atOnce];
        try
        {
            int received;
            while ((received = await socket.ReceiveAsync(buffer.AsMemory()).AsTask().InTime("more bytes, or the end, at the peer")) > 0)
            {
                all.Write(buffer, 0, received);
            }

            return new PeerInput(all.ToArray(), SocketError.Success);
        }
        catch (SocketException e)
        {
            return new PeerInput(all.ToArray(), e.SocketErrorCode);
        }
    }

    /// <summary>Sends FIN; goes on reading.</summary>
    public void End() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Sends the last bytes and FIN together, on Linux in one segment if they fit one.</summary>
    public void SendAndEnd(ReadOnlySpan<byte> bytes)
    {
        Cork(true);
        socket.Send(bytes);
        End();
    }

    /// <summary>Sends bytes of which the last is urgent (MSG_OOB).</summary>
    public void SendUrgent(ReadOnlySpan<byte> bytes) => socket.Send(bytes, SocketFlags.OutOfBand);

    /// <summary>Sends bytes, an urgent one and bytes, on Linux in one segment.</summary>
    public void SendTogether(ReadOnlySpan<byte> before, ReadOnlySpan<byte> urgent, ReadOnlySpan<byte> after)
    {
        Cork(true);
        socket.Send(before);
        SendUrgent(urgent);
        socket.Send(after);
        Cork(false);
    }

    /// <summary>Sends RST.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    public void Dispose() => socket.Dispose();

    private void Cork(bool on)
    {
        if (OperatingSystem.IsLinux())
        {
            socket.SetRawSocketOption(TcpLevel, TcpCork, [on ? (byte)1 : (byte)0, 0, 0, 0]);
        }
    }
}
