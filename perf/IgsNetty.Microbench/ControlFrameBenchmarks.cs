using BenchmarkDotNet.Attributes;
using IgsNetty.Protocol.Codec;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;
using IgsNetty.TestKit.Wire;

namespace IgsNetty.Microbench;

/// <summary>Control frames to bytes, and back.</summary>
public class ControlFrameBenchmarks
{
    private static readonly OpenStream Open = OpenStream.Tcp(65_536, FrameStream.AnyTarget, null);

    private readonly byte[] _frame = new byte[1024];
    private readonly byte[] _update = FrameStream.Update(1, 65_536)[FrameHeader.Size..];
    private readonly byte[] _open = FrameStream.Open(1)[FrameHeader.Size..];
    private readonly byte[] _ping = FrameStream.Ping(42)[FrameHeader.Size..];

    [Benchmark]
    public int EncodeWindowUpdate() => MessageWriter.Write(_frame, 1, new WindowUpdate(65_536));

    [Benchmark]
    public Breach? DecodeWindowUpdate() => MessageReader.Read(_update, out WindowUpdate _);

    [Benchmark]
    public int EncodeOpenStream() => MessageWriter.Write(_frame, 1, Open);

    [Benchmark]
    public Breach? DecodeOpenStream() => MessageReader.Read(_open, out OpenStream _);

    [Benchmark]
    public int EncodePing() => MessageWriter.Write(_frame, FrameType.Ping, new Ping(42));

    [Benchmark]
    public Breach? DecodePing() => MessageReader.Read(_ping, out Ping _);
}
