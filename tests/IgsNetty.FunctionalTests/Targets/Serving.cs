using System.Net;
using System.Net.Sockets;

namespace IgsNetty.FunctionalTests.Targets;

/// <summary>The servers that tests put behind the gateways.</summary>
internal static class Serving
{
    /// <summary>Sends back what comes until the caller ends, then ends too.</summary>
    public static TcpTarget<long> Echo(IPEndPoint? listen = null) => new(
        async (socket, stop) =>
        {
            byte[] buffer = new byte[64 * 1024];
            long total = 0;
            int count;
            while ((count = await socket.ReceiveAsync(buffer, stop)) > 0)
            {
                await SendAllAsync(socket, buffer.AsMemory(0, count), stop);
                total += count;
            }

            socket.Shutdown(SocketShutdown.Send);
            return total;
        },
        listen);

    /// <summary>Sends payload at once, ends its side, and reads what the caller still sends.</summary>
    public static TcpTarget<Received> Source(long length) => new(async (socket, stop) =>
    {
        StreamEnd sent = await Transfer.SendAsync(socket, length, stop);
        if (sent == StreamEnd.Clean)
        {
            socket.Shutdown(SocketShutdown.Send);
        }

        Received received = await Transfer.ReceiveAsync(socket, stop);
        return received with { End = sent == StreamEnd.Reset ? sent : received.End };
    });

    /// <summary>Sends payload until it is stopped; returns how.</summary>
    public static TcpTarget<StreamEnd> Endless() => new((socket, stop) => Transfer.SendAsync(socket, long.MaxValue, stop));

    /// <summary>Reads to the end.</summary>
    public static TcpTarget<Received> Sink() => new((socket, stop) => Transfer.ReceiveAsync(socket, stop));

    /// <summary>Reads a request up to the end of the caller's side; only then it answers.</summary>
    public static TcpTarget<Received> AnswerAfterEnd(long answer) => new(async (socket, stop) =>
    {
        Received request = await Transfer.ReceiveAsync(socket, stop);
        await Transfer.SendAsync(socket, answer, stop);
        socket.Shutdown(SocketShutdown.Send);
        return request;
    });

    /// <summary>Reads one byte, then resets the connection.</summary>
    public static TcpTarget<bool> ResetAfterByte() => new(async (socket, stop) =>
    {
        await socket.ReceiveAsync(new byte[1], stop);
        socket.LingerState = new LingerOption(true, 0);
        return true;
    });

    /// <summary>Closes at once, before anything is sent or read.</summary>
    public static TcpTarget<bool> CloseAtOnce() => new((_, _) => Task.FromResult(true));

    private static async Task SendAllAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, stop)..];
        }
    }
}
