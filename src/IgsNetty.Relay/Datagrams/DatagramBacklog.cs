using DotNetty.Buffers;
using IgsNetty.Relay.Diagnostics;
using IgsNetty.Relay.Pipeline;

namespace IgsNetty.Relay.Datagrams;

/// <summary>
/// Datagrams that wait for a link that is full. Bounded per flow, per link and by the memory budget; over a bound the
/// oldest datagram of the flow that holds most goes. Flows take turns. Loop only.
/// </summary>
internal sealed class DatagramBacklog(FrameWriter writer, MemoryBudget memory, LoopTotals totals)
{
    /// <summary>Most bytes that may wait for one flow: three of the largest datagrams.</summary>
    public const int FlowBytes = 256 * 1024;

    /// <summary>Most bytes that may wait for one link.</summary>
    public const int LinkBytes = 1024 * 1024;

    private const int FlowsLookedAt = 64;

    private readonly Queue<WaitingDatagrams> _turns = new();
    private int _bytes;

    /// <summary>Does anything wait?</summary>
    public bool IsEmpty => _bytes == 0;

    /// <summary>Keeps a frame for later. The buffer moves here.</summary>
    public void Add(WaitingDatagrams flow, IByteBuffer frame)
    {
        int size = frame.ReadableBytes;
        while (flow.Bytes + size > FlowBytes)
        {
            Drop(flow);
        }

        while (_bytes + size > LinkBytes)
        {
            Drop(Fattest());
        }

        while (!memory.TryHold(size))
        {
            if (_bytes == 0)
            {
                frame.Release();
                totals.DatagramsDropped++;
                return;
            }

            Drop(Fattest());
        }

        _bytes += size;
        flow.Enqueue(frame);
        if (!flow.HasTurn)
        {
            flow.HasTurn = true;
            _turns.Enqueue(flow);
        }
    }

    /// <summary>Writes one datagram of the flow whose turn it is.</summary>
    /// <returns>Its bytes.</returns>
    public int WriteNext()
    {
        while (_turns.TryDequeue(out WaitingDatagrams? flow))
        {
            flow.HasTurn = false;
            if (flow.Bytes == 0)
            {
                continue; // dropped meanwhile
            }

            IByteBuffer frame = Take(flow);
            int size = frame.ReadableBytes;
            writer.WriteDatagram(frame);
            if (flow.Bytes == 0)
            {
                flow.Emptied?.Invoke();
            }
            else
            {
                flow.HasTurn = true;
                _turns.Enqueue(flow);
            }

            return size;
        }

        return 0;
    }

    /// <summary>The flow is over: nothing of it is kept.</summary>
    public void Forget(WaitingDatagrams flow)
    {
        while (flow.Bytes > 0)
        {
            Drop(flow);
        }
    }

    // Among those whose turns are next: to look at all would take long just when time is short.
    private WaitingDatagrams Fattest() => _turns.Take(FlowsLookedAt).MaxBy(flow => flow.Bytes) is { Bytes: > 0 } fattest
        ? fattest
        : _turns.First(flow => flow.Bytes > 0);

    private void Drop(WaitingDatagrams flow)
    {
        Take(flow).Release();
        totals.DatagramsDropped++;
        if (flow.Bytes == 0)
        {
            flow.Emptied?.Invoke();
        }
    }

    private IByteBuffer Take(WaitingDatagrams flow)
    {
        IByteBuffer frame = flow.Dequeue();
        _bytes -= frame.ReadableBytes;
        memory.Release(frame.ReadableBytes);
        return frame;
    }
}
