using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>Sends back whatever it receives. One thread accepts, a few others serve all calls.</summary>
internal sealed class EchoTarget : ITarget
{
    private readonly Socket _listener;
    private readonly TargetLoop[] _loops;

    /// <param name="address">Null: any free port.</param>
    public EchoTarget(IPEndPoint? address)
        : this(LoadSocket.Listen(address))
    {
    }

    /// <param name="listener">From here on it belongs to the target.</param>
    public EchoTarget(Socket listener)
    {
        _listener = listener;
        Address = LoadSocket.AddressOf(listener);
        _loops = [.. Enumerable.Range(0, LoadThreads.Most).Select(_ => new TargetLoop(Name, (socket, poller) => new EchoCall(socket, poller)))];
        new Thread(Accept) { IsBackground = true, Name = "echo target" }.Start();
    }

    public string Name => TargetNames.Echo;

    public IPEndPoint Address { get; }

    public void Probe(IPEndPoint address) => ProbeAny(address);

    /// <summary>As <see cref="Probe"/>, of an echo target wherever it runs.</summary>
    public static void ProbeAny(IPEndPoint address)
    {
        using Socket socket = LoadSocket.Connect(address);
        byte[] message = [0x5a];
        socket.Send(message);
        LoadSocket.ReceiveExactly(socket, message);
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
