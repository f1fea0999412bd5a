using System.Net;
using System.Net.Sockets;
using System.Text;
using IgsNetty.FunctionalTests.Targets;
using Xunit.Sdk;

namespace IgsNetty.FunctionalTests.Clients;

/// <summary>A client's connection; every wait ends at the deadline it was opened with.</summary>
internal sealed class TcpCall : IDisposable
{
    private readonly Socket _socket;

    // Accepted and reset before .NET had looked whether it was connected.
    private readonly bool _isReset;
    private readonly CancellationToken _deadline;

    private TcpCall(Socket socket, bool isReset, CancellationToken deadline)
    {
        _socket = socket;
        _isReset = isReset;
        _deadline = deadline;
    }

    /// <param name="to">A gateway's listener.</param>
    /// <param name="deadline">Ends every wait of this call.</param>
    /// <param name="receiveBuffer">Bytes the kernel may hold for a client that does not read; 0: as the system likes.</param>
    public static async Task<TcpCall> ConnectAsync(IPEndPoint to, CancellationToken deadline, int receiveBuffer = 0)
    {
        Socket socket = new(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer > 0)
        {
            socket.ReceiveBufferSize = receiveBuffer;
        }

        try
        {
            await socket.ConnectAsync(to, deadline);
            return new TcpCall(socket, isReset: false, deadline);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return new TcpCall(socket, isReset: true, deadline);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await _socket.SendAsync(bytes, _deadline)..];
        }
    }

    public Task SendAsync(string text) => SendAsync(Encoding.ASCII.GetBytes(text));

    /// <summary>Sends bytes of which the last is urgent (MSG_OOB).</summary>
    public void SendUrgent(ReadOnlySpan<byte> bytes) => _socket.Send(bytes, SocketFlags.OutOfBand);

    /// <summary>Sends each byte only when the gateway has read the one before, so that it sees every possible cut.</summary>
    public async Task SendSplitAsync(ReadOnlyMemory<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            await SendAsync(bytes.Slice(i, 1));
            await UntilReadAsync();
        }
    }

    /// <summary>Waits until the gateway has read all that was sent.</summary>
    public Task UntilReadAsync() => KernelSockets.UntilReadAsync(_socket);

    /// <summary>Sends payload and returns whether the other end let it.</summary>
    public Task<StreamEnd> SendPayloadAsync(long length, Action<long>? progress = null) =>
        Transfer.SendAsync(_socket, length, _deadline, progress);

    /// <summary>Exactly so many bytes.</summary>
    public async Task<byte[]> ReadAsync(int count)
    {
        byte[] bytes = new byte[count];
        for (int have = 0; have < count;)
        {
            int read = await _socket.ReceiveAsync(bytes.AsMemory(have), _deadline);
            have += read;
            if (read == 0)
            {
                throw new XunitException($"End of the connection after {have} of {count} bytes: {Convert.ToHexString(bytes, 0, have)}");
            }
        }

        return bytes;
    }

    /// <summary>The head of an HTTP answer with its blank line, and nothing that stands behind it.</summary>
    public async Task<string> ReadHeadAsync()
    {
        StringBuilder head = new();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append((char)(await ReadAsync(1))[0]);
        }

        return head.ToString();
    }

    /// <summary>Whatever comes up to the end of the connection, be it clean or a reset.</summary>
    public async Task<byte[]> ReadRestAsync()
    {
        List<byte> all = [];
        byte[] buffer = new byte[4096];
        try
        {
            int count;
            while ((count = await _socket.ReceiveAsync(buffer, _deadline)) > 0)
            {
                all.AddRange(buffer.AsSpan(0, count));
            }
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // An end, too.
        }

        return [.. all];
    }

    public Task<Received> ReceiveAllAsync(Action<long>? progress = null) =>
        _isReset ? Task.FromResult(Received.Whole(0) with { End = StreamEnd.Reset }) : Transfer.ReceiveAsync(_socket, _deadline, progress);

    /// <summary>FIN: this side is done, the other may go on.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>RST, as a program does that closes with SO_LINGER 0.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    /// <summary>Sends these bytes to an echo server and expects them back.</summary>
    public async Task ExpectEchoAsync(int length)
    {
        ReadOnlyMemory<byte> sent = Payload.First(length);
        await SendAsync(sent);
        byte[] back = await ReadAsync(length);
        if (!sent.Span.SequenceEqual(back))
        {
            throw new XunitException($"The echo of {length} bytes differs from what was sent");
        }
    }

    public void Dispose() => _socket.Dispose();
}
