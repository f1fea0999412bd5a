using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>Answers HTTP requests with a small page. One thread accepts, a few others serve all calls.</summary>
internal sealed class HttpTarget : ITarget
{
    private readonly Socket _listener;
    private readonly TargetLoop[] _loops;

    /// <param name="address">Null: any free port.</param>
    public HttpTarget(IPEndPoint? address)
        : this(LoadSocket.Listen(address))
    {
    }

    /// <param name="listener">From here on it belongs to the target.</param>
    public HttpTarget(Socket listener)
    {
        _listener = listener;
        Address = LoadSocket.AddressOf(listener);
        _loops = [.. Enumerable.Range(0, LoadThreads.Most).Select(_ => new TargetLoop(Name, (socket, poller) => new HttpCall(socket, poller)))];
        new Thread(Accept) { IsBackground = true, Name = "http target" }.Start();
    }

    public string Name => TargetNames.Http;

    public IPEndPoint Address { get; }

    public void Probe(IPEndPoint address)
    {
        using Socket socket = LoadSocket.Connect(address);
        socket.Send(HttpExchange.Request(Address));
        byte[] answer = new byte[HttpExchange.Answer.Length];
        LoadSocket.ReceiveExactly(socket, answer);
        if (!answer.AsSpan().SequenceEqual(HttpExchange.Answer))
        {
            throw new PerfException("an answer is not the one to the request");
        }

        socket.Shutdown(SocketShutdown.Send);
        LoadSocket.ReceiveEnd(socket);
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (TargetLoop loop in _loops)
        {
            loop.Stop();
        }
    }

    private void Accept()
    {
        for (uint next = 0; ; next++)
        {
            try
            {
                _loops[next % _loops.Length].Add(_listener.Accept());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
