using BenchmarkDotNet.Attributes;

namespace IgsNetty.Microbench;

/// <summary>Streams that wait for a full link, and their turns when it has room again. One operation is one stream's message.</summary>
public class SchedulerBenchmarks
{
    private const int Streams = 64;
    private const int Message = 4096;

    private MemoryLink _link = null!;
    private (MemorySocket Caller, MemorySocket Target)[] _streams = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _link = new MemoryLink();
        _streams = [.. Enumerable.Range(0, Streams).Select(_ => _link.Open())];
    }

    [Benchmark(OperationsPerInvoke = Streams)]
    public long TakeTurns()
    {
        _link.CallingEnd.Block();
        foreach ((MemorySocket caller, MemorySocket _) in _streams)
        {
            caller.Receive(Message);
        }

        _link.Loop.RunTasks();
        _link.CallingEnd.Unblock();
        _link.Loop.RunTasks();
        return _streams[^1].Target.SentBytes;
    }
}
