using BenchmarkDotNet.Attributes;

namespace IgsNetty.Microbench;

/// <summary>
/// A message from an application through both gateways to its target: read, framed, sent, decoded, sent on, and the credit back. All
/// but the system calls; the two copies of a kernel are in it.
/// </summary>
public class LinkPipelineBenchmarks
{
    private MemoryLink _link = null!;
    private MemorySocket _caller = null!;
    private MemorySocket _target = null!;

    /// <summary>Bytes of the message.</summary>
    [Params(64, 4096, 65536)]
    public int Message { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _link = new MemoryLink();
        (_caller, _target) = _link.Open();
    }

    [Benchmark]
    public long Relay()
    {
        long before = _target.SentBytes;
        _caller.Receive(Message);
        _link.Loop.RunTasks();
        return _target.SentBytes - before == Message ? _target.SentBytes : throw new InvalidOperationException("the message did not arrive");
    }
}
