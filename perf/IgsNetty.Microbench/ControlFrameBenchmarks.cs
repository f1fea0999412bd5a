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

    /// <summary>A single one takes less than can be measured.</summary>
    private const int Times = 64;

    private readonly byte[] _frame = new byte[1024];
    private readonly byte[] _update = FrameStream.Update(1, 65_536)[FrameHeader.Size..];
    private readonly byte[] _open = FrameStream.Open(1)[FrameHeader.Size..];

    [Benchmark(OperationsPerInvoke = Times)]
    public int EncodeWindowUpdate()
    {
        int bytes = 0;
        for (int i = 0; i < Times; i++)
        {
            bytes += MessageWriter.Write(_frame, 1, new WindowUpdate(65_536 + i));
        }

        return bytes;
    }

    [Benchmark(OperationsPerInvoke = Times)]
    public int DecodeWindowUpdate()
    {
        int sum = 0;
        for (int i = 0; i < Times; i++)
        {
            sum += MessageReader.Read(_update, out WindowUpdate update) is null ? update.Increment : 0;
        }

        return sum;
    }

    [Benchmark]
    public int EncodeOpenStream() => MessageWriter.Write(_frame, 1, Open);

    [Benchmark]
    public Breach? DecodeOpenStream() => MessageReader.Read(_open, out OpenStream _);
}
