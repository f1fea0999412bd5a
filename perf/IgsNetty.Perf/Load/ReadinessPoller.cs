using System.Net.Sockets;

namespace IgsNetty.Perf.Load;

/// <summary>
/// Linux epoll, level-triggered, for one thread that serves many non-blocking sockets: per message it costs one receive, one
/// send and a share of one wait. Closing a socket takes it out, unless a process that is being started has a copy of it still.
/// Sockets may be added from any thread; only one waits.
/// </summary>
internal sealed class ReadinessPoller : IDisposable
{
    private readonly LinuxEpoll _epoll = new();

    public void AddReadable(Socket socket) => AddReadable(socket.Handle);

    public void AddReadable(nint handle) => _epoll.Add(handle, LinuxEpoll.Readable);

    public void AddWritable(nint handle) => _epoll.Add(handle, LinuxEpoll.Writable);

    public void Watch(Socket socket, bool read, bool write) => Watch(socket.Handle, read, write);

    public void Watch(nint handle, bool read, bool write) =>
        _epoll.Modify(handle, (read ? LinuxEpoll.Readable : 0) | (write ? LinuxEpoll.Writable : 0));

    /// <summary>Fills <paramref name="ready"/> with the handles of sockets that are ready or in error, and returns how many.</summary>
    public int Wait(Span<nint> ready, TimeSpan limit)
    {
        int count = _epoll.Wait(ready.Length, (int)limit.TotalMilliseconds);
        for (int i = 0; i < count; i++)
        {
            ready[i] = _epoll.Handle(i);
        }

        return count;
    }

    public void Dispose() => _epoll.Dispose();
}
