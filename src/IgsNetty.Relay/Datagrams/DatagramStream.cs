using DotNetty.Buffers;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Diagnostics;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Streams;

namespace IgsNetty.Relay.Datagrams;

/// <summary>
/// A UDP flow on a link (docs/protocol.md §10), at either end of it. There is no answer to an open, no credit and no
/// half-close: it is open at once, and over when either side says so. Loop only.
/// </summary>
internal sealed class DatagramStream : ILinkStream, IDatagramPath
{
    private readonly Link _link;
    private readonly WaitingDatagrams _waiting = new();
    private IDatagramSink? _local;
    private bool _isOver; // nothing more is taken from this side
    private bool _isFinished;
    private bool _tooLargeLogged;

    /// <param name="link">The link.</param>
    /// <param name="id">0 for the one that carries what awaits no reply.</param>
    public DatagramStream(Link link, uint id)
    {
        _link = link;
        Id = id;
    }

    public uint Id { get; }

    public bool IsLive => !_isOver && !_link.IsRetired;

    /// <summary>Joins the side of this gateway, which gets what comes over the link.</summary>
    public void Attach(IDatagramSink local) => _local = local;

    public void Take(in FlowAddress address, ReadOnlySpan<byte> payload, LoopTotals totals)
    {
        if (_isOver)
        {
            totals.DatagramsDropped++;
        }
        else if (payload.Length > FrameLimits.MaxDatagram || DatagramFrames.PayloadSize(address, payload.Length) > _link.MaxSendPayload)
        {
            DropTooLarge(payload.Length, totals);
        }
        else if (_link.Scheduler.TakesDatagrams)
        {
            _link.Writer.WriteDatagram(Id, address, payload);
        }
        else
        {
            _link.Scheduler.Enqueue(_waiting, DatagramFrames.Allocate(_link.Allocator, Id, address, payload));
        }
    }

    /// <summary>A datagram as a frame that was made on another loop.</summary>
    /// <param name="frame">The frame; the buffer moves here.</param>
    /// <param name="totals">Of this loop.</param>
    public void Take(IByteBuffer frame, LoopTotals totals)
    {
        if (_isOver)
        {
            frame.Release();
            totals.DatagramsDropped++;
            return;
        }

        int size = frame.ReadableBytes - FrameHeader.Size;
        if (size > _link.MaxSendPayload)
        {
            frame.Release();
            DropTooLarge(size, totals);
            return;
        }

        DatagramFrames.SetStreamId(frame, Id);
        if (_link.Scheduler.TakesDatagrams)
        {
            _link.Writer.WriteDatagram(frame);
        }
        else
        {
            _link.Scheduler.Enqueue(_waiting, frame);
        }
    }

    /// <summary>A datagram from the peer.</summary>
    public void OnDatagram(in FlowAddress address, ReadOnlySpan<byte> payload) => _local?.Take(address, payload, _link.Loop.Totals);

    /// <summary>This gateway's side is over: tells the peer, behind what waits for the link. A reset does not wait.</summary>
    public void End(IDatagramSink? from, ResetReason? reason)
    {
        if (reason is null && !_isFinished && _waiting.Bytes > 0)
        {
            _isOver = true;
            _waiting.Emptied = () => TellEnd(null);
        }
        else
        {
            TellEnd(reason);
        }
    }

    private void TellEnd(ResetReason? reason)
    {
        if (Finish())
        {
            if (reason is { } why)
            {
                _link.Writer.WriteResetStream(Id, why);
            }
            else
            {
                _link.Writer.WriteEndOfStream(Id);
            }
        }
    }

    public void OnReset(ResetReason reason)
    {
        if (Finish())
        {
            _link.Loop.Totals.StreamsReset++;
            _local?.End(this, reason);
        }
    }

    /// <summary>Its link has closed. For the stream that is in no table.</summary>
    public void OnLinkClosed() => Finish();

    public Breach? OnEndOfStream()
    {
        if (Finish())
        {
            _local?.End(this, null);
        }

        return null;
    }

    private void DropTooLarge(int bytes, LoopTotals totals)
    {
        totals.DatagramsTooLarge++;
        if (!_tooLargeLogged)
        {
            _tooLargeLogged = true;
            RelayLog.DatagramOverFrame(_link.Context.Logger, _link.Peer, Id, bytes, Math.Min(FrameLimits.MaxDatagram, _link.MaxSendPayload));
        }
    }

    private bool Finish()
    {
        if (_isFinished)
        {
            return false;
        }

        _isOver = true;
        _isFinished = true;
        _waiting.Emptied = null;
        _link.Scheduler.Forget(_waiting);
        _link.Forget(this);
        return true;
    }
}
