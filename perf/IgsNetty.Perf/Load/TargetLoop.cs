using System.Collections.Concurrent;
using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>One thread of a target and the calls it serves.</summary>
internal sealed class TargetLoop
{
    private const int ReceiveSize = 64 * 1024;
    private static readonly TimeSpan LookForStop = TimeSpan.FromSeconds(0.5);

    private readonly ReadinessPoller _poller = new();
    private readonly Func<Socket, ReadinessPoller, ITargetCall> _begin;
    private readonly ConcurrentDictionary<nint, ITargetCall> _calls = new();
    private volatile bool _isStopped;

    /// <param name="name">Of the target.</param>
    /// <param name="begin">Makes a call of a socket that was accepted.</param>
    public TargetLoop(string name, Func<Socket, ReadinessPoller, ITargetCall> begin)
    {
        _begin = begin;
        new Thread(Run) { IsBackground = true, Name = $"{name} target loop" }.Start();
    }

    /// <summary>From any thread; the loop owns the socket from here on.</summary>
    public void Add(Socket socket)
    {
        socket.NoDelay = true;
        socket.Blocking = false;
        _calls[socket.Handle] = _begin(socket, _poller);
        _poller.AddReadable(socket);
    }

    /// <summary>The thread ends soon after.</summary>
    public void Stop() => _isStopped = true;

    private void Run()
    {
        byte[] buffer = new byte[ReceiveSize];
        Span<nint> ready = stackalloc nint[256];
        while (!_isStopped)
        {
            int count = _poller.Wait(ready, LookForStop);
            foreach (nint handle in ready[..count])
            {
                // Out of the table before it is closed: the next call may get the same handle.
                if (_calls.TryGetValue(handle, out ITargetCall? call) && !call.OnReady(buffer) && _calls.TryRemove(handle, out _))
                {
                    call.Close();
                }
            }
        }

        foreach (ITargetCall call in _calls.Values)
        {
            call.Close();
        }

        _poller.Dispose();
    }
}
