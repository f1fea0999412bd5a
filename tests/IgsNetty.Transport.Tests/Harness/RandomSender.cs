namespace IgsNetty.Transport.Tests.Harness;

/// <summary>
/// Sends a payload in chunks of random sizes, some offered and some queued, and goes on from within the reports, as long
/// as not too much is pending. On the loop.
/// </summary>
internal sealed class RandomSender(IStreamSocket socket, CountedPool pool, byte[] bytes, int seed)
{
    private const int MostPending = 2_000_000;
    private const int LargestChunk = 150_000;

    private readonly Random _random = new(seed);
    private readonly SentLog _log = new(socket.Channel);
    private int _next;
    private long _queued;
    private bool _isEnded;

    /// <summary>Sends FIN behind the last byte.</summary>
    public bool EndsOutput { get; init; }

    /// <summary>Bytes that a report is due for.</summary>
    public long QueuedBytes => Interlocked.Read(ref _queued);

    public long ReportedBytes => _log.Total;

    public string? Fault => _log.Fault;

    public void Start()
    {
        _log.Then = _ => Continue();
        socket.OutputListener = _log;
        Continue();
    }

    private void Continue()
    {
        _log.IsCalling = true;
        while (_next < bytes.Length && socket.PendingBytes < MostPending)
        {
            int count = Math.Min(NextSize(), bytes.Length - _next);
            ReadOnlySpan<byte> chunk = bytes.AsSpan(_next, count);
            int taken = _random.Next(3) == 0 ? socket.TrySend(chunk) : 0;

            // Nobody reports when there is room for another offer: what is queued brings us back.
            _next += taken > 0 ? taken : Send(chunk);
        }

        _log.IsCalling = false;
        if (EndsOutput && !_isEnded && _next == bytes.Length && socket.PendingBytes == 0)
        {
            _isEnded = true;
            socket.ShutdownOutput();
        }
    }

    // Mostly small, now and then more than a socket takes.
    private int NextSize() => _random.Next(4) == 0 ? _random.Next(1, LargestChunk) : _random.Next(1, 2000);

    private int Send(ReadOnlySpan<byte> chunk)
    {
        int taken = socket.Send(pool.Holding(chunk));
        Interlocked.Add(ref _queued, chunk.Length - taken);
        return chunk.Length;
    }
}
