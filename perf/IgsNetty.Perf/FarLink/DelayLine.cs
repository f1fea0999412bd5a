using System.Diagnostics;
using System.Runtime.InteropServices;

namespace IgsNetty.Perf.FarLink;

/// <summary>
/// One way of a far link: packets that come out of one device go into the other later, no faster than the rate, and some get lost.
/// One thread. The packets under way stand in a ring of bytes outside of the garbage collector's reach.
/// </summary>
internal sealed unsafe partial class DelayLine : IDisposable
{
    private const int RingSize = 128 * 1024 * 1024;

    private const short Readable = 1;

    private static readonly TimeSpan LookForStop = TimeSpan.FromSeconds(0.1);

    private readonly TunDevice _from;
    private readonly TunDevice _to;
    private readonly FarSchedule _schedule;
    private readonly byte* _ring = (byte*)NativeMemory.Alloc(RingSize);
    private readonly Queue<(int Offset, int Count, long Due)> _underWay = new(4096);
    private readonly Thread _thread;
    private int _next;
    private volatile bool _isStopped;

    public DelayLine(TunDevice from, TunDevice to, FarPath path)
    {
        (_from, _to) = (from, to);
        _schedule = new FarSchedule(path, Stopwatch.Frequency, new Random(1));
        _thread = new Thread(Run) { IsBackground = true, Name = "delay line", Priority = ThreadPriority.Highest };
        _thread.Start();
    }

    public void Dispose()
    {
        _isStopped = true;
        _thread.Join();
        NativeMemory.Free(_ring);
    }

    private void Run()
    {
        while (!_isStopped)
        {
            WaitUntilReady();
            while (TakeOne())
            {
            }

            GiveAllDue();
        }
    }

    private void WaitUntilReady()
    {
        long limit = (long)(LookForStop.TotalSeconds * Stopwatch.Frequency);
        if (_underWay.TryPeek(out (int Offset, int Count, long Due) first))
        {
            limit = Math.Clamp(first.Due - Stopwatch.GetTimestamp(), 0, limit);
        }

        PollEntry entry = new() { Handle = _from.Handle, Wanted = Readable };
        TimeSpec time = new() { Nanoseconds = (long)(limit * (1e9 / Stopwatch.Frequency)) };
        _ = Poll(&entry, 1, &time, null);
    }

    private bool TakeOne()
    {
        int offset = _next + TunDevice.MostBytes > RingSize ? 0 : _next;
        bool isFull = _underWay.TryPeek(out (int Offset, int Count, long Due) first)
            && first.Offset >= offset && first.Offset < offset + TunDevice.MostBytes;
        if (isFull)
        {
            return false;
        }

        int count = _from.Read(_ring + offset);
        if (count <= TunDevice.HeaderSize)
        {
            return false;
        }

        int bytes = FarSchedule.BytesOnWire(new ReadOnlySpan<byte>(_ring + offset, count));
        if (_schedule.Take(Stopwatch.GetTimestamp(), bytes) is { } due)
        {
            _underWay.Enqueue((offset, count, due));
            _next = offset + count;
        }

        return true;
    }

    private void GiveAllDue()
    {
        long now = Stopwatch.GetTimestamp();
        while (_underWay.TryPeek(out (int Offset, int Count, long Due) first) && first.Due <= now)
        {
            _to.Write(_ring + first.Offset, first.Count);
            _underWay.Dequeue();
        }
    }

    [LibraryImport("libc", EntryPoint = "ppoll")]
    private static partial int Poll(PollEntry* entries, nuint count, TimeSpec* limit, void* signals);

    /// <summary>As the kernel lays it out.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Handle;
        public short Wanted;
        public short Got;
    }

    /// <summary>As the kernel lays it out on 64-bit machines.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
