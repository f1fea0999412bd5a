using DotNetty.Transport.Channels;
using Xunit;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>The handler of a UDP socket under test: keeps what it is told, in order, and lets a test wait for it.</summary>
internal sealed class DatagramProbe : IDatagramHandler
{
    private readonly Lock _gate = new();
    private readonly List<Datagram> _received = [];
    private readonly IEventLoop _loop;
    private readonly Conditions _conditions;
    private int _undelivered;
    private bool _calledOffLoop;

    public DatagramProbe(IEventLoop loop)
    {
        _loop = loop;
        _conditions = new Conditions(_gate, () => $"{Count} datagrams came, and {Undelivered} reports");
    }

    /// <summary>Runs on the loop with every datagram, before it counts as received.</summary>
    public Action<Datagram>? On { get; set; }

    /// <summary>Runs on the loop with every report.</summary>
    public Action? OnReport { get; set; }

    public Datagram[] Received
    {
        get
        {
            lock (_gate)
            {
                return [.. _received];
            }
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _received.Count;
            }
        }
    }

    /// <summary>Calls of <see cref="OnUndelivered"/>.</summary>
    public int Undelivered => Volatile.Read(ref _undelivered);

    public async Task<Datagram[]> UntilReceivedAsync(int count)
    {
        await UntilAsync(() => _received.Count >= count, $"{count} datagrams");
        return Received;
    }

    public Task UntilUndeliveredAsync(int count = 1) => UntilAsync(() => _undelivered >= count, $"{count} reports of what was not delivered");

    public void AssertOnLoopOnly() => Assert.False(_calledOffLoop, "a UDP handler was called outside its loop");

    public void OnDatagram(in UdpAddress source, ReadOnlySpan<byte> payload)
    {
        Datagram datagram = new(source, payload.ToArray());
        On?.Invoke(datagram);
        Record(() => _received.Add(datagram));
    }

    public TimeSpan OnReadable() => TimeSpan.Zero;

    public void OnReadComplete()
    {
    }

    public void OnUndelivered(int reports)
    {
        Record(() => _undelivered++);
        OnReport?.Invoke();
    }

    private Task UntilAsync(Func<bool> condition, string what) => _conditions.UntilAsync(condition, what);

    private void Record(Action told)
    {
        lock (_gate)
        {
            _calledOffLoop |= !_loop.InEventLoop;
            told();
        }

        _conditions.Check();
    }
}
