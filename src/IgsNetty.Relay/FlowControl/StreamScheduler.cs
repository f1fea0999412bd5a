using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Pipeline;
using IgsNetty.Relay.Streams;

namespace IgsNetty.Relay.FlowControl;

/// <summary>
/// Who sends next on a link that could not take everything: streams with bytes and credit, in turn, a quantum each, and
/// datagrams beside them, which get at most a tenth of the link while streams want it. Control frames do not come here;
/// they go straight to the writer, so they overtake waiting data. Loop only.
/// </summary>
/// <param name="loop">The link's loop.</param>
/// <param name="writer">What writes the frames.</param>
/// <param name="datagrams">The datagrams that wait.</param>
/// <param name="quantum">Bytes of a turn while others wait.</param>
internal sealed class StreamScheduler(IEventLoop loop, FrameWriter writer, DatagramBacklog datagrams, int quantum)
{
    /// <summary>Bytes of streams that one byte of datagrams has to wait for.</summary>
    public const int StreamBytesPerDatagramByte = 9;

    private readonly Queue<SendingHalf> _waiting = new();
    private int _datagramAllowance;
    private bool _goesOn;

    /// <summary>Nobody waits and the link takes data: a stream may send at once.</summary>
    public bool IsFree => _waiting.Count == 0 && datagrams.IsEmpty && writer.CanTakeData;

    /// <summary>A datagram may be written at once.</summary>
    public bool TakesDatagrams => datagrams.IsEmpty && writer.CanTakeData;

    public void Enqueue(SendingHalf stream)
    {
        if (!stream.IsScheduled)
        {
            stream.IsScheduled = true;
            _waiting.Enqueue(stream);
        }
    }

    /// <summary>Keeps a datagram until the link has room for it, or a newer one needs its place.</summary>
    public void Enqueue(WaitingDatagrams flow, IByteBuffer frame) => datagrams.Add(flow, frame);

    /// <summary>The flow is over.</summary>
    public void Forget(WaitingDatagrams flow) => datagrams.Forget(flow);

    /// <summary>Gives turns until the link is full or nobody waits.</summary>
    public void Run()
    {
        bool streamsHadTurns = false;
        while (writer.CanTakeData && (_waiting.Count > 0 || !datagrams.IsEmpty))
        {
            // Datagrams first: a stream's turn often fills the link, and then they would never have theirs.
            if (_waiting.Count == 0 && streamsHadTurns && _datagramAllowance <= 0)
            {
                GoOnLater(); // streams that have just sent may have read more by then
                return;
            }

            _datagramAllowance = _waiting.Count == 0 && !streamsHadTurns ? quantum : _datagramAllowance;
            while (_datagramAllowance > 0 && !datagrams.IsEmpty && writer.CanTakeData)
            {
                _datagramAllowance -= datagrams.WriteNext();
            }

            if (writer.CanTakeData && _waiting.TryDequeue(out SendingHalf? stream))
            {
                streamsHadTurns = true;
                _datagramAllowance = Math.Min(_datagramAllowance + (GiveTurn(stream) / StreamBytesPerDatagramByte), quantum);
            }
        }
    }

    private void GoOnLater()
    {
        if (!_goesOn)
        {
            _goesOn = true;
            loop.Execute(() =>
            {
                _goesOn = false;
                Run();
            });
        }
    }

    private int GiveTurn(SendingHalf stream)
    {
        stream.IsScheduled = false;
        int sent = stream.SendTurn(_waiting.Count == 0 && datagrams.IsEmpty ? int.MaxValue : quantum);
        if (stream.WantsTurn)
        {
            Enqueue(stream);
        }

        return sent;
    }
}
