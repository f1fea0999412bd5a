using System.Diagnostics;
using DotNetty.Transport.Channels;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Diagnostics;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Streams;
using IgsNetty.Transport.Tls;

namespace IgsNetty.Relay;

/// <summary>What everything on one event loop shares. Owned by the loop.</summary>
public sealed class RelayLoop
{
    /// <param name="loop">The event loop.</param>
    /// <param name="linger">How long a half-closed stream may stay silent.</param>
    /// <param name="datagrams">What all UDP flows share.</param>
    public RelayLoop(IEventLoop loop, TimeSpan linger, DatagramContext datagrams)
    {
        Loop = loop;
        datagrams.Streams.Add(Totals);
        Linger = new LingerWatch(loop, linger);
        DueResets = new DueResets(loop);
        Idle = new IdleSweep(this);
        DatagramShare = new DatagramShare(Totals, datagrams.Streams, TimeProvider.System);
        DialTurns = new DialTurns(loop);
        ReplyPorts = new ReplyPorts(this, datagrams);
    }

    public IEventLoop Loop { get; }

    public LoopTotals Totals { get; } = new();

    /// <summary>Keeps datagrams from taking the time of streams.</summary>
    public DatagramShare DatagramShare { get; }

    internal LingerWatch Linger { get; }

    /// <summary>Resets that let what came before them go first.</summary>
    internal DueResets DueResets { get; }

    /// <summary>Milliseconds on a clock that only goes forward; for tests.</summary>
    internal Func<long> Clock { get; init; } = static () => Environment.TickCount64;

    /// <summary>Time from any origin, as precise as round trips need it; for tests.</summary>
    internal Func<TimeSpan> Elapsed { get; init; } = static () => Stopwatch.GetElapsedTime(0);

    /// <summary>What its TLS links decrypt and encrypt into.</summary>
    internal TlsBuffers Tls { get; } = new();

    /// <summary>Which of its links may dial a target.</summary>
    internal DialTurns DialTurns { get; }

    /// <summary>Ends UDP flows that are not used.</summary>
    internal IdleSweep Idle { get; }

    /// <summary>The called side of UDP.</summary>
    internal ReplyPorts ReplyPorts { get; }

    /// <summary>Calls relayed here with no link.</summary>
    internal HashSet<DirectRelay> Direct { get; } = [];

    /// <summary>No new direct calls: the gateway stops.</summary>
    internal bool IsStopping { get; private set; }

    /// <summary>Resets the direct calls on this loop: the gateway stops, and a plain close would look like a good end. Any thread.</summary>
    public Task ResetDirectCallsAsync() => Loop.SubmitAsync(() =>
    {
        IsStopping = true;
        foreach (DirectRelay relay in Direct.ToArray())
        {
            relay.Reset();
        }

        return 0;
    });
}
