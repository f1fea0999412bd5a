using IgsNetty.Relay.Datagrams;
using IgsNetty.Relay.Diagnostics;
using IgsNetty.Relay.Pipeline;
using IgsNetty.TestKit.Buffers;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Relay.Tests.Harness;

/// <summary>A backlog whose link the test drains. Ends by checking that everything was given back.</summary>
public abstract class BacklogTest : IDisposable
{
    private protected const int Largest = 65_507;
    private protected const int Frame = Largest + 9;

    private readonly ManualEventLoop _loop = new();
    private readonly LeakCheck _buffers = new();
    private readonly FakeOutput _output = new();
    private readonly FrameWriter _writer;

    protected BacklogTest()
    {
        _writer = new FrameWriter(_loop, _output, _buffers, new PipelineOptions().SmallPayloadBytes, () => { }, () => Assert.Fail("overflow"));
        Budget(64 * 1024 * 1024);
    }

    private protected LoopTotals Totals { get; } = new();

    private protected MemoryBudget Memory { get; private set; } = null!;

    private protected DatagramBacklog Backlog { get; private set; } = null!;

    /// <summary>Begins anew with so much memory.</summary>
    private protected void Budget(long bytes)
    {
        Memory = new MemoryBudget(bytes);
        Backlog = new DatagramBacklog(_writer, Memory, Totals);
    }

    public void Dispose()
    {
        _ = Drain();
        _writer.Close();
        Assert.Equal(0, Memory.Held);
        _buffers.AssertNoLeaks();
        GC.SuppressFinalize(this);
    }

    private protected void Add(WaitingDatagrams flow, uint id, int number, int size = Largest)
    {
        byte[] payload = new byte[size];
        BitConverter.TryWriteBytes(payload, number);
        Backlog.Add(flow, DatagramFrames.Allocate(_buffers, id, FlowAddress.OfTarget, payload));
    }

    // "flow:number" of everything that waits, in the order in which it goes.
    private protected string[] Drain()
    {
        while (!Backlog.IsEmpty)
        {
            Assert.True(Backlog.WriteNext() > 0);
        }

        return Written();
    }

    private protected string[] Written()
    {
        _writer.FlushTail();
        return [.. FrameStream.Parse(_output.Take()).Select(frame => $"{frame.StreamId}:{BitConverter.ToInt32(frame.DatagramBytes)}")];
    }
}
