using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>One thread of the connect target: accepts and serves.</summary>
internal sealed class ConnectLoop
{
    private static readonly TimeSpan LookForStop = TimeSpan.FromSeconds(0.5);

    private readonly ReadinessPoller _poller = new();
    private readonly HashSet<nint> _answered = [];
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
                else
                {
                    Serve((int)handle);
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

            // The byte has often come already.
            Serve(socket);
        }
    }

    private void Serve(int socket)
    {
        Span<byte> data = stackalloc byte[2];
        int received = LinuxSocket.Receive(socket, data);
        if (received == LinuxSocket.WouldBlock)
        {
            return;
        }

        // A second byte is a mistake; the client misses its echo and fails the run.
        if (received == 1 && _answered.Add(socket) && LinuxSocket.Send(socket, data[..1]) == 1)
        {
            LinuxSocket.EndSending(socket);
            return;
        }

        _answered.Remove(socket);
        LinuxSocket.Close(socket);
    }
}
