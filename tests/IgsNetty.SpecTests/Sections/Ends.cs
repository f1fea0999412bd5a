using System.Net.Sockets;
using IgsNetty.FunctionalTests.Harness;

namespace IgsNetty.SpecTests.Sections;

/// <summary>Reads an application's socket to its end.</summary>
internal static class Ends
{
    /// <summary>Exactly so many bytes, or what there is before the end.</summary>
    public static async Task<byte[]> ReadAsync(Socket socket, int count)
    {
        using CancellationTokenSource deadline = new(HangGuard.Event);
        byte[] bytes = new byte[count];
        int done = 0;
        int read;
        while (done < count && (read = await socket.ReceiveAsync(bytes.AsMemory(done), deadline.Token)) > 0)
        {
            done += read;
        }

        return bytes[..done];
    }

    /// <summary>All there is; fails when it ends with RST.</summary>
    public static Task<byte[]> ReadToEndAsync(Socket socket) => ReadAsync(socket, 1 << 20);

    /// <summary>Whether it ends with RST.</summary>
    public static async Task<bool> IsResetAsync(Socket socket)
    {
        try
        {
            await ReadToEndAsync(socket);
            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }
}
