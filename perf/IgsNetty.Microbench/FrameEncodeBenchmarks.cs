using BenchmarkDotNet.Attributes;
using DotNetty.Buffers;
using IgsNetty.Protocol.Frames;
using IgsNetty.Relay.Pipeline;
using IgsNetty.TestKit.Channels;
using IgsNetty.Transport;

namespace IgsNetty.Microbench;

/// <summary>A Data frame from a received buffer to what the socket is given.</summary>
public class FrameEncodeBenchmarks
{
    private readonly ManualEventLoop _loop = new();
    private readonly PooledByteBufferAllocator _allocator = RelayAllocator.Create(1);
    private readonly DiscardingOutput _output = new();
    private FrameWriter _writer = null!;

    /// <summary>Bytes of the payload.</summary>
    [Params(64, 4096, 65536)]
    public int Payload { get; set; }

    [GlobalSetup]
    public void SetUp() =>
        _writer = new FrameWriter(_loop, _output, _allocator, new PipelineOptions().SmallPayloadBytes, () => { }, () => { });

    [GlobalCleanup]
    public void CleanUp() => _writer.Close();

    /// <summary>With the end of the loop's turn, in which a frame of its own leaves.</summary>
    [Benchmark]
    public long EncodeData()
    {
        IByteBuffer buffer = _allocator.Buffer(FrameHeader.Size + Payload, FrameHeader.Size + Payload);
        buffer.SetIndex(FrameHeader.Size, FrameHeader.Size + Payload);
        _writer.WriteData(1, buffer, Payload);
        _loop.RunTasks();
        return _output.Bytes;
    }
}
