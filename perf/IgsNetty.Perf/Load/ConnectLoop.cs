using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>One thread of the connect target: accepts and serves.</summary>
internal sealed class ConnectLoop
{
    private static readonly TimeSpan LookForStop = TimeSpan.FromSeconds(0.5);

    private readonly ReadinessPoller _poller = new();

    // Each connection, and whether it has been answered. Only these are touched: while a process is being started, its copy of a handle
    // keeps epoll telling of one that is closed here, and whose number may be anything by now.
    private readonly Dictionary<nint, bool> _open = [];
    private readonly int _listener;
    private readonly Thread _thread;
    private volatile bool _isStopped;

    /// <param name="listener">Non-blocking; other loops may accept from it as well. To stay open until <see cref="AwaitEnd"/> returns.</param>
    public ConnectLoop(Socket listener)
    {
        _listener = (int)listener.Handle;
        _poller.AddReadable(listener);
        _thread = new Thread(Run) { IsBackground = true, Name = "connect target loop" };
        _thread.Start();
    }

    /// <summary>The thread ends soon after, and at once when the listener is shut down.</summary>
    public void Stop() => _isStopped = true;

    /// <summary>The listener's handle is not used after this.</summary>
    public void AwaitEnd() => _thread.Join();

    private void Run()
    {
        Span<nint> ready = stackalloc nint[256];
        while (!_isStopped)
        {
            int count = _poller.Wait(ready, LookForStop);
            foreach (nint handle in ready[..count])
            {
                if (handle == _listener)
                {
                    AcceptAll();
                }
                else if (_open.TryGetValue(handle, out bool isAnswered))
                {
                    Serve((int)handle, isAnswered);
                }
            }
        }

        // Connections that are still open end with the process.
        _poller.Dispose();
    }

    private void AcceptAll()
    {
        for (int socket; (socket = LinuxSocket.Accept(_listener)) >= 0;)
        {
            _poller.AddReadable(socket);
            _open.Add(socket, false);

            // The byte has often come already.
            Serve(socket, isAnswered: false);
        }
    }

    private void Serve(int socket, bool isAnswered)
    {
        Span<byte> data = stackalloc byte[2];
        int received = LinuxSocket.Receive(socket, data);
        if (received == LinuxSocket.WouldBlock)
        {
            return;
        }

        // A second byte is a mistake; the client misses its echo and fails the run.
        if (received == 1 && !isAnswered && LinuxSocket.Send(socket, data[..1]) == 1)
        {
            _open[socket] = true;
            LinuxSocket.EndSending(socket);
            return;
        }

        _open.Remove(socket);
        LinuxSocket.Close(socket);
    }
}
