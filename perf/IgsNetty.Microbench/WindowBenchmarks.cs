using BenchmarkDotNet.Attributes;
using IgsNetty.Relay.FlowControl;

namespace IgsNetty.Microbench;

/// <summary>Credit of one stream: what a piece of 4 KiB costs either end.</summary>
public class WindowBenchmarks
{
    private const int Piece = 4096;
    private const int Initial = 384 * 1024;

    private SendWindow _send = new(Initial);
    private ReceiveWindow _receive = new(Initial);

    [Benchmark]
    public int Spend()
    {
        _send.Consume(Piece);
        _send.TryAdd(Piece);
        return _send.Available;
    }

    [Benchmark]
    public int ReceiveAndGiveBack() => _receive.TryReceive(Piece) ? _receive.Consume(Piece) : throw new InvalidOperationException("no credit");
}
