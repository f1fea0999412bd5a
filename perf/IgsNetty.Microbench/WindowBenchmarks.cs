using BenchmarkDotNet.Attributes;
using IgsNetty.Relay.FlowControl;

namespace IgsNetty.Microbench;

/// <summary>Credit of one stream: what a piece of 4 KiB costs either end.</summary>
public class WindowBenchmarks
{
    private const int Piece = 4096;
    private const int Initial = 384 * 1024;

    /// <summary>A single one takes less than can be measured.</summary>
    private const int Times = 64;

    private SendWindow _send = new(Initial);
    private ReceiveWindow _receive = new(Initial);

    [Benchmark(OperationsPerInvoke = Times)]
    public int Spend()
    {
        for (int i = 0; i < Times; i++)
        {
            _send.Consume(Piece);
            _send.TryAdd(Piece);
        }

        return _send.Available;
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public int ReceiveAndGiveBack()
    {
        int granted = 0;
        for (int i = 0; i < Times; i++)
        {
            granted += _receive.TryReceive(Piece) ? _receive.Consume(Piece) : throw new InvalidOperationException("no credit");
        }

        return granted;
    }
}
