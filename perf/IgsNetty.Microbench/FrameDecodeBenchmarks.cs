using BenchmarkDotNet.Attributes;
using DotNetty.Buffers;
using IgsNetty.Protocol.Frames;
using IgsNetty.Relay.Pipeline;
using IgsNetty.Transport;

namespace IgsNetty.Microbench;

/// <summary>One Data frame in one read, from the receive buffer to the sink.</summary>
public class FrameDecodeBenchmarks
{
    private readonly PooledByteBufferAllocator _allocator = RelayAllocator.Create(1);
    private readonly CountingSink _sink = new();
    private LinkFrameDecoder _decoder = null!;
    private IByteBuffer _frame = null!;

    /// <summary>Bytes of the payload.</summary>
    [Params(64, 4096, 65536)]
    public int Payload { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _decoder = new LinkFrameDecoder(_sink, FrameLimits.MaxPayload);
        _frame = _allocator.Buffer(FrameHeader.Size + Payload);
        byte[] header = new byte[FrameHeader.Size];
        new FrameHeader(Payload, FrameType.Data, 1).Write(header);
        _frame.WriteBytes(header).WriteZero(Payload);
    }

    [GlobalCleanup]
    public void CleanUp() => _frame.Release();

    [Benchmark]
    public long DecodeData()
    {
        _frame.SetReaderIndex(0);
        _decoder.ChannelRead(null!, _frame.Retain());
        return _sink.Bytes;
    }
}
