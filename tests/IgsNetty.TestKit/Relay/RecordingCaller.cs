using IgsNetty.Relay.Datagrams;
using IgsNetty.Transport;

namespace IgsNetty.TestKit.Relay;

/// <summary>The caller of a UDP flow: remembers what is delivered.</summary>
public sealed class RecordingCaller : IFlowCaller
{
    private readonly List<string> _delivered = [];

    /// <summary>What becomes of what is delivered next.</summary>
    public DatagramSend Result { get; set; }

    /// <summary>How often it was told that the flow has ended.</summary>
    public int Ended { get; private set; }

    /// <summary>"source bytes-in-hex" of each since the last look; the source is "target" for the flow's own.</summary>
    public IReadOnlyList<string> TakeDelivered()
    {
        string[] delivered = [.. _delivered];
        _delivered.Clear();
        return delivered;
    }

    public DatagramSend Deliver(in FlowAddress source, ReadOnlySpan<byte> payload)
    {
        _delivered.Add($"{(source.IsTarget ? "target" : source.ToTarget())} {Convert.ToHexStringLower(payload)}");
        return Result;
    }

    public void OnFlowEnded() => Ended++;
}
