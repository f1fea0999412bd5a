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
/// <para>
/// A stream that had nothing to send for a whole round comes before those that always have: its one quantum is all that they wait for
/// it (the two lists of RFC 8290, §4). So a small message passes any number of bulk streams.
/// </para>
/// </summary>
/// <param name="loop">The link's loop.</param>
/// <param name="writer">What writes the frames.</param>
/// <param name="datagrams">The datagrams that wait.</param>
/// <param name="quantum">Bytes of a turn while others wait.</param>
internal sealed class StreamScheduler(IEventLoop loop, FrameWriter writer, DatagramBacklog datagrams, int quantum)
{
    /// <summary>Bytes of streams that one byte of datagrams has to wait for.</summary>
    public const int StreamBytesPerDatagramByte = 9;

    /// <summary>Bytes sent in one go: then the loop has its turn, and what it finds there may be more urgent.</summary>
    private const int MostInOneGo = 256 * 1024;

    // Those that came with something to send for the first time since their last turn's round.
    private readonly Queue<SendingHalf> _fresh = new();

    // The round. One that had its turn from the other list stands here once more, with or without something to send.
    private readonly Queue<SendingHalf> _round = new();
    private int _datagramAllowance;
    private bool _goesOn;

    /// <summary>Nobody waits and the link takes data: a stream may send at once.</summary>
    public bool IsFree => !HasStreams && datagrams.IsEmpty && writer.CanTakeData;

    /// <summary>A datagram may be written at once.</summary>
    public bool TakesDatagrams => datagrams.IsEmpty && writer.CanTakeData;

    public void Enqueue(SendingHalf stream)
    {
        if (!stream.IsScheduled)
        {
            stream.IsScheduled = true;
            _fresh.Enqueue(stream);
        }
    }

    /// <summary>Keeps a datagram until the link has room for it, or a newer one needs its place.</summary>
    public void Enqueue(WaitingDatagrams flow, IByteBuffer frame) => datagrams.Add(flow, frame);

    /// <summary>The flow is over.</summary>
    public void Forget(WaitingDatagrams flow) => datagrams.Forget(flow);

    /// <summary>Gives turns until the link is full or nobody waits, some now and some when the loop has looked around.</summary>
    public void Run()
    {
        bool streamsHadTurns = false;
        int left = MostInOneGo;
        while (writer.CanTakeData && (HasStreams || !datagrams.IsEmpty))
        {
            // Datagrams first: a stream's turn often fills the link, and then they would never have theirs.
            if (left <= 0 || (!HasStreams && streamsHadTurns && _datagramAllowance <= 0))
            {
                GoOnLater(); // streams that have just sent may have read more by then
                return;
            }

            _datagramAllowance = !HasStreams && !streamsHadTurns ? quantum : _datagramAllowance;
            while (_datagramAllowance > 0 && !datagrams.IsEmpty && writer.CanTakeData)
            {
                _datagramAllowance -= datagrams.WriteNext();
            }

            if (writer.CanTakeData && HasStreams)
            {
                streamsHadTurns = true;
                int sent = GiveTurn();
                left -= sent;
                _datagramAllowance = Math.Min(_datagramAllowance + (sent / StreamBytesPerDatagramByte), quantum);
            }
        }
    }

    private bool HasStreams => _fresh.Count > 0 || _round.Count > 0;

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

    /// <returns>The bytes sent.</returns>
    private int GiveTurn()
    {
        bool isFresh = _fresh.TryDequeue(out SendingHalf? stream);
        if (!isFresh)
        {
            stream = _round.Dequeue();
        }

        int sent = stream!.SendTurn(HasStreams || !datagrams.IsEmpty ? quantum : int.MaxValue);
        if (stream.WantsTurn || (isFresh && _round.Count > 0))
        {
            _round.Enqueue(stream);
        }
        else
        {
            stream.IsScheduled = false;
        }

        return sent;
    }
}
