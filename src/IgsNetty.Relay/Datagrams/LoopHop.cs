using DotNetty.Buffers;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Diagnostics;
using IgsNetty.Relay.Links;

namespace IgsNetty.Relay.Datagrams;

/// <summary>
/// The path of a flow whose link lives on another loop: makes the frame here and hands it over there. Replies need no
/// hand-over: a caller can be sent to from any loop.
/// </summary>
internal sealed class LoopHop : IDatagramPath
{
    private readonly Link _link;
    private readonly DatagramFlow _flow;
    private DatagramStream? _stream; // the link's loop only
    private volatile bool _isOver;

    public LoopHop(Link link, ReplyPortRequest request, DatagramFlow flow)
    {
        _link = link;
        _flow = flow;
        link.Datagrams.Expect();
        link.Loop.Loop.Execute(() => Open(request));
    }

    public bool IsLive => !_isOver && !_link.IsRetired;

    public void Take(in FlowAddress address, ReadOnlySpan<byte> payload, LoopTotals totals)
    {
        if (!_link.Datagrams.TryHandOver(address, payload, this, static (hop, frame, onLink) => ((LoopHop)hop).Arrive(frame, onLink)))
        {
            totals.DatagramsDropped++;
        }
    }

    public void End(IDatagramSink? from, ResetReason? reason)
    {
        _isOver = true;
        _link.Loop.Loop.Execute(() => _stream?.End(this, reason));
    }

    private void Open(ReplyPortRequest request)
    {
        _link.Datagrams.OnExpected();
        _stream = _link.TryOpen(request, new Back(this), out ResetReason refusal);
        if (_stream is null)
        {
            OnEnded(refusal);
        }
    }

    private void Arrive(IByteBuffer frame, LoopTotals totals)
    {
        if (_stream is { } stream)
        {
            stream.Take(frame, totals);
        }
        else
        {
            frame.Release();
            totals.DatagramsDropped++;
        }
    }

    private void OnEnded(ResetReason? reason)
    {
        _isOver = true;
        ((IDatagramSink)_flow).End(this, reason);
    }

    /// <summary>The other direction, on the link's loop.</summary>
    private sealed class Back(LoopHop hop) : IDatagramSink
    {
        public void Take(in FlowAddress address, ReadOnlySpan<byte> payload, LoopTotals totals) =>
            ((IDatagramSink)hop._flow).Take(address, payload, totals);

        public void End(IDatagramSink? from, ResetReason? reason) => hop.OnEnded(reason);
    }
}
