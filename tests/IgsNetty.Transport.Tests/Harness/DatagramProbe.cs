using DotNetty.Transport.Channels;
using Xunit;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>The handler of a UDP socket under test: keeps what it is told, in order, and lets a test wait for it.</summary>
internal sealed class DatagramProbe(IEventLoop loop) : IDatagramHandler
{
    private readonly Lock _gate = new();
    private readonly List<Datagram> _received = [];
    private readonly List<(Func<bool> Condition, TaskCompletionSource Met)> _waiting = [];
    private int _undelivered;
    private bool _calledOffLoop;

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

    private async Task UntilAsync(Func<bool> condition, string what)
    {
        TaskCompletionSource met = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (condition())
            {
                return;
            }

            _waiting.Add((condition, met));
        }

        try
        {
            await met.Task.InTime(what);
        }
        catch (Exception e)
        {
            Assert.Fail($"{e.Message}; {Count} datagrams came, and {Undelivered} reports");
        }
    }

    private void Record(Action told)
    {
        lock (_gate)
        {
            _calledOffLoop |= !loop.InEventLoop;
            told();
            foreach ((Func<bool> Condition, TaskCompletionSource Met) waiting in _waiting.ToArray())
            {
                if (waiting.Condition())
                {
                    _waiting.Remove(waiting);
                    waiting.Met.SetResult();
                }
            }
        }
    }
}
