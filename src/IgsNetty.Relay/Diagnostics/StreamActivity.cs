using System.Collections.Immutable;

namespace IgsNetty.Relay.Diagnostics;

/// <summary>How much all TCP streams of the gateway have moved, over all loops. Thread-safe; the loops join before they run.</summary>
public sealed class StreamActivity
{
    private ImmutableArray<LoopTotals> _loops = [];

    /// <summary>Payload bytes so far.</summary>
    internal long Bytes
    {
        get
        {
            long sum = 0;
            foreach (LoopTotals totals in _loops)
            {
                sum += totals.StreamBytes;
            }

            return sum;
        }
    }

    internal void Add(LoopTotals totals) => ImmutableInterlocked.Update(ref _loops, static (loops, one) => loops.Add(one), totals);
}
