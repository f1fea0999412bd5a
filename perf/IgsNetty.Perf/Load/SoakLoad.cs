using System.Net;

namespace IgsNetty.Perf.Load;

/// <summary>Random streams one after the other, so many at a time, a thread each. The same numbers decide in every load run.</summary>
/// <param name="echo">Where the echo target is: itself, or a relay that leads to it.</param>
/// <param name="connect">Where the connect target is, which ends streams first.</param>
/// <param name="connectTarget">Knows how to talk to it.</param>
/// <param name="streams">At a time.</param>
internal sealed class SoakLoad(IPEndPoint echo, IPEndPoint connect, ConnectTarget connectTarget, int streams) : ILoad
{
    private const int BufferSize = 128 * 1024;
    private const double ShareEndedByTarget = 0.1;

    private long _ended;
    private long _bytes;
    private long _resets;

    public int Threads => streams;

    /// <summary>Streams that ended as they should.</summary>
    public long Count => Interlocked.Read(ref _ended);

    /// <summary>Bytes that came back, each of them compared.</summary>
    public long CountBeside => Interlocked.Read(ref _bytes);

    /// <summary>Streams that were reset from here, by design. Only after the load run.</summary>
    public long Resets => _resets;

    public void RunThread(int thread, LoadControl control)
    {
        byte[] buffer = new byte[BufferSize];
        Random random = new(thread);
        control.AwaitAllConnected();
        while (!control.IsEnding)
        {
            if (random.NextDouble() < ShareEndedByTarget)
            {
                connectTarget.Probe(connect);
                Interlocked.Increment(ref _ended);
                continue;
            }

            SoakCall call = new(echo, random, buffer);
            long endedBefore = Count;
            bool isWhole;
            try
            {
                isWhole = call.Run();
            }
            catch (PerfException e)
            {
                // Whether one stream stands still, or the whole machine.
                throw new PerfException($"{e.Message}; {Count - endedBefore} others ended while it was there", e);
            }

            Interlocked.Add(ref _bytes, call.Echoed);
            Interlocked.Increment(ref isWhole ? ref _ended : ref _resets);
        }
    }
}
