namespace IgsNetty.Perf.Load;

/// <summary>Makes the reader of one bulk stream stop and go on, wherever it reads. Used from any thread.</summary>
internal sealed class ReaderGate
{
    private const int Nobody = -1;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(0.005);

    private volatile int _stopped = Nobody;

    /// <param name="stream">The number of its <see cref="BulkPattern"/>.</param>
    public void Stop(int stream) => _stopped = stream;

    public void Open() => _stopped = Nobody;

    /// <summary>Called by every reader before it receives; returns when it may.</summary>
    public void Pass(int stream)
    {
        while (_stopped == stream)
        {
            Thread.Sleep(LookAgain);
        }
    }
}
