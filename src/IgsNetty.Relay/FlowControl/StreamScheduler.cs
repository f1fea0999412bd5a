using IgsNetty.Relay.Pipeline;
using IgsNetty.Relay.Streams;

namespace IgsNetty.Relay.FlowControl;

/// <summary>
/// Who sends next on a link that could not take everything: streams with bytes and credit, in turn, a quantum each.
/// Control frames do not come here; they go straight to the writer, so they overtake waiting data. Loop only.
/// </summary>
internal sealed class StreamScheduler(FrameWriter writer)
{
    /// <summary>Bytes of a turn while others wait.</summary>
    public const int Quantum = 64 * 1024;

    private readonly Queue<SendingHalf> _waiting = new();

    /// <summary>Nobody waits and the link takes data: a stream may send at once.</summary>
    public bool IsFree => _waiting.Count == 0 && writer.CanTakeData;

    public void Enqueue(SendingHalf stream)
    {
        if (!stream.IsScheduled)
        {
            stream.IsScheduled = true;
            _waiting.Enqueue(stream);
        }
    }

    /// <summary>Gives turns until the link is full or nobody waits.</summary>
    public void Run()
    {
        while (writer.CanTakeData && _waiting.TryDequeue(out SendingHalf? stream))
        {
            stream.IsScheduled = false;
            stream.SendTurn(_waiting.Count == 0 ? int.MaxValue : Quantum);
            if (stream.WantsTurn)
            {
                Enqueue(stream);
            }
        }
    }
}
