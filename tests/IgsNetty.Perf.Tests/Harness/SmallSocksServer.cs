using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using IgsNetty.Perf.Load;

namespace IgsNetty.Perf.Tests.Harness;

/// <summary>A SOCKS5 server that a test understands: a thread for each way of a call, and answers that come byte by byte.</summary>
internal sealed class SmallSocksServer : IDisposable
{
    private readonly Socket _listener = LoadSocket.Listen(address: null);
    private readonly byte _answer;

    /// <param name="answer">The second byte of what it says to a CONNECT; anything but 0 refuses.</param>
    public SmallSocksServer(byte answer = 0)
    {
        _answer = answer;
        new Thread(Accept) { IsBackground = true, Name = "socks server" }.Start();
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndPoint!;

    public void Dispose() => _listener.Dispose();

    private void Accept()
    {
        try
        {
            while (true)
            {
                Socket caller = _listener.Accept();
                new Thread(() => Serve(caller)) { IsBackground = true, Name = "socks call" }.Start();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private void Serve(Socket socket)
    {
        using Socket caller = socket;
        try
        {
            caller.NoDelay = true;
            byte[] question = new byte[10];
            LoadSocket.ReceiveExactly(caller, question.AsSpan(0, 3));
            Answer(caller, [5, 0]);
            LoadSocket.ReceiveExactly(caller, question);
            Answer(caller, [5, _answer, 0, 1, 127, 0, 0, 1, 0, 0]);
            if (_answer == 0)
            {
                IPEndPoint target = new(new IPAddress(question.AsSpan(4, 4)), BinaryPrimitives.ReadUInt16BigEndian(question.AsSpan(8)));
                using Socket called = LoadSocket.Connect(target);
                Thread back = new(() => Copy(called, caller)) { IsBackground = true };
                back.Start();
                Copy(caller, called);
                back.Join();
            }
        }
        catch (Exception e) when (e is SocketException or PerfException)
        {
            // The load run that called sees its end and says so.
        }
    }

    private static void Answer(Socket caller, byte[] bytes)
    {
        foreach (byte one in bytes)
        {
            caller.Send([one]);
        }
    }

    private static void Copy(Socket from, Socket to)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            for (int count; (count = from.Receive(buffer)) > 0;)
            {
                to.Send(buffer.AsSpan(0, count));
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // As above.
        }
    }
}
