using DotNetty.Buffers;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Pipeline;

namespace IgsNetty.Relay.Tests.Pipeline;

/// <summary>Writes down what a decoder calls. Pieces of Data that follow each other become one entry, so entries do not hang on the cuts.</summary>
internal sealed class RecordingSink : IFrameSink
{
    private readonly List<byte> _data = [];
    private uint _dataStream;

    /// <summary>One line a frame: type, stream, payload in hex.</summary>
    public List<string> Frames { get; } = [];

    /// <summary>Sizes of the pieces in which Data came.</summary>
    public List<int> Pieces { get; } = [];

    /// <summary>The streams whose Data was said to be their last.</summary>
    public List<uint> Last { get; } = [];

    public List<Breach> Breaches { get; } = [];

    /// <summary>The answer to the next calls.</summary>
    public Breach? Answer { get; set; }

    /// <summary>The receive buffers that Data was part of, each retained once.</summary>
    public List<IByteBuffer> Kept { get; } = [];

    public bool Keeps { get; set; }

    public Breach? OnData(uint streamId, IByteBuffer source, int index, int count, bool isLast)
    {
        Pieces.Add(count);
        if (isLast)
        {
            Last.Add(streamId);
        }

        if (_data.Count > 0 && _dataStream != streamId)
        {
            EndData();
        }

        _dataStream = streamId;
        for (int i = 0; i < count; i++)
        {
            _data.Add(source.GetByte(index + i));
        }

        if (Keeps)
        {
            Kept.Add((IByteBuffer)source.Retain());
        }

        return Answer;
    }

    public Breach? OnFrame(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        EndData();
        Frames.Add(Line(header.Type, header.StreamId, payload));
        return Answer;
    }

    public void OnBreach(Breach breach) => Breaches.Add(breach);

    /// <summary>Closes the entry of the Data seen last.</summary>
    public void EndData()
    {
        if (_data.Count > 0)
        {
            Frames.Add(Line(FrameType.Data, _dataStream, _data.ToArray()));
            _data.Clear();
        }
    }

    public static string Line(FrameType type, uint streamId, ReadOnlySpan<byte> payload) =>
        $"{type} {streamId} {Convert.ToHexStringLower(payload)}";
}
