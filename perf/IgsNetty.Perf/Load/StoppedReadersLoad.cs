using System.Diagnostics;

namespace IgsNetty.Perf.Load;

/// <summary>
/// Bulk streams, one of which has a reader that stops and goes on by turns in the measured time; the others' bytes are counted beside
/// the stopped one and without. So both are measured on the same streams, and within a second; and in the order A B B A, so that streams
/// that get faster all the time do not look as if they gained or lost. At the end the reader goes on, and gets every byte.
/// </summary>
/// <param name="bulk">Whose stream 0 has the reader that stops.</param>
/// <param name="gate">Of the readers of <paramref name="bulk"/>.</param>
/// <param name="cycle">Of four turns; only whole ones count.</param>
internal sealed class StoppedReadersLoad(BulkLoad bulk, ReaderGate gate, TimeSpan cycle) : ILoad
{
    private const int StoppedStream = 0;

    /// <summary>At the beginning of each turn, until it has had its effect; not counted.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(0.05);

    /// <summary>Whether the reader is stopped, turn by turn.</summary>
    private static readonly bool[] Order = [true, false, false, true];

    private static readonly TimeSpan LookForPhase = TimeSpan.FromSeconds(0.005);

    private readonly double[] _seconds = new double[2];
    private readonly long[] _bytes = new long[2];

    public int Threads => bulk.Threads + 1;

    public long Count => bulk.Count;

    /// <summary>Bytes a second of the streams whose readers never stop; null if there was no such turn. Only after the load run.</summary>
    public double? OthersBytesPerSecond(bool beside) => _seconds[Side(beside)] > 0 ? _bytes[Side(beside)] / _seconds[Side(beside)] : null;

    public void RunThread(int thread, LoadControl control)
    {
        if (thread < bulk.Threads)
        {
            bulk.RunThread(thread, control);
            return;
        }

        control.AwaitAllConnected();
        try
        {
            TakeTurns(control);
        }
        finally
        {
            gate.Open();
        }
    }

    private void TakeTurns(LoadControl control)
    {
        while (!control.IsMeasuring && !control.IsEnding)
        {
            Thread.Sleep(LookForPhase);
        }

        while (!control.IsEnding)
        {
            TakeCycle(control);
        }
    }

    private void TakeCycle(LoadControl control)
    {
        (long Bytes, double Seconds)[] turns = [.. Order.Select(isStopped => TakeTurn(isStopped, control))];
        if (control.IsEnding)
        {
            return;
        }

        for (int i = 0; i < turns.Length; i++)
        {
            _bytes[Side(Order[i])] += turns[i].Bytes;
            _seconds[Side(Order[i])] += turns[i].Seconds;
        }
    }

    private (long Bytes, double Seconds) TakeTurn(bool isStopped, LoadControl control)
    {
        if (isStopped)
        {
            gate.Stop(StoppedStream);
        }
        else
        {
            gate.Open();
        }

        Thread.Sleep(Settling);
        long start = Stopwatch.GetTimestamp();
        long before = CountOfOthers();
        while (Stopwatch.GetElapsedTime(start) < (cycle / Order.Length) - Settling && !control.IsEnding)
        {
            Thread.Sleep(LookForPhase);
        }

        return (CountOfOthers() - before, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private long CountOfOthers() => bulk.Count - bulk.CountOf(StoppedStream);

    private static int Side(bool isStopped) => isStopped ? 1 : 0;
}
