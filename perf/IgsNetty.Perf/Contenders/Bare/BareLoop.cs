using IgsNetty.Perf.Load;

namespace IgsNetty.Perf.Contenders.Bare;

/// <summary>
/// The one thread of a bare relay: edge-triggered epoll, one receive of at most a buffer for each way that is ready in a turn, and
/// then the next turn. It sleeps in epoll_wait when there is nothing to do.
/// </summary>
internal sealed class BareLoop : IDisposable
{
    private const int BufferSize = 256 * 1024;
    private const uint Ended = LinuxEpoll.PeerEnded | LinuxEpoll.HungUp | LinuxEpoll.Failed;
    private const uint Everything = LinuxEpoll.Readable | LinuxEpoll.Writable | LinuxEpoll.PeerEnded | LinuxEpoll.EdgeTriggered;
    private const int LookForStop = 500;

    private readonly LinuxEpoll _epoll = new();
    private readonly Stack<byte[]> _buffers = [];
    private readonly List<int> _closing = [];
    private Queue<(BareCall Call, BareWay Way)> _again = [];
    private Queue<(BareCall Call, BareWay Way)> _now = [];
    private IBareTarget?[] _targets = new IBareTarget?[1024];
    private volatile bool _isStopped;

    public void Add(BareListener listener) => Add(listener.Handle, listener);

    public void Add(int socket, IBareTarget target)
    {
        if (socket >= _targets.Length)
        {
            Array.Resize(ref _targets, Math.Max(socket + 1, 2 * _targets.Length));
        }

        _targets[socket] = target;
        _epoll.Add(socket, Everything);
    }

    /// <summary>At the end of the turn, so that no socket that is opened in it gets its number.</summary>
    public void Close(int socket) => _closing.Add(socket);

    /// <summary>There may be more to receive: the way goes on in the next turn.</summary>
    public void Again(BareCall call, BareWay way)
    {
        if (!way.IsQueued)
        {
            way.IsQueued = true;
            _again.Enqueue((call, way));
        }
    }

    /// <summary>In nearly all turns the same one: what was just sent is still in the processor's cache.</summary>
    public byte[] TakeBuffer() =>
        _buffers.TryPop(out byte[]? buffer) ? buffer : GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);

    public void ReturnBuffer(byte[] buffer) => _buffers.Push(buffer);

    /// <summary>Soon; from any thread.</summary>
    public void Stop() => _isStopped = true;

    /// <summary>Until it is stopped. Calls that are still open end with the process.</summary>
    public void Run()
    {
        while (!_isStopped)
        {
            int ready = _epoll.Wait(LinuxEpoll.MostEvents, _again.Count > 0 ? 0 : LookForStop);
            (_now, _again) = (_again, _now);
            for (int i = 0; i < ready; i++)
            {
                int socket = (int)_epoll.Handle(i);
                uint events = _epoll.Events(i);

                // Null: closed. A process that is being started still has a copy of it, so epoll reports it.
                _targets[socket]?.OnReady(socket, (events & (LinuxEpoll.Readable | Ended)) != 0, (events & Ended) != 0);
            }

            while (_now.TryDequeue(out (BareCall Call, BareWay Way) one))
            {
                one.Way.IsQueued = false;
                one.Call.GoOn(one.Way);
            }

            CloseAll();
        }
    }

    public void Dispose() => _epoll.Dispose();

    private void CloseAll()
    {
        foreach (int socket in _closing)
        {
            _targets[socket] = null;
            LinuxSocket.Close(socket);
        }

        _closing.Clear();
    }
}
