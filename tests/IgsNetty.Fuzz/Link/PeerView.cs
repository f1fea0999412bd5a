using IgsNetty.Protocol.Codec;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;
using IgsNetty.TestKit.Wire;

namespace IgsNetty.Fuzz.Link;

/// <summary>
/// The peer, strict: holds what the gateway sends against docs/protocol.md. What the peer itself has sent, right or wrong, only
/// ever allows the gateway more, so nothing is reported that may be right.
/// </summary>
/// <param name="dialled">Whether the gateway dialled.</param>
/// <param name="hello">What the peer announced.</param>
internal sealed class PeerView(bool dialled, Hello hello)
{
    private readonly Dictionary<uint, Stream> _streams = [];
    private uint _lastOwn;
    private int _pings;
    private bool _goneAway;

    /// <summary>The gateway has said that the link closes, or closes when it is idle.</summary>
    public GoAwayReason? GoAway { get; private set; }

    /// <summary>Pings of the peer that are not answered yet.</summary>
    public int UnansweredPings => _pings;

    private sealed class Stream
    {
        public long Credit;
        public bool IsTold; // StreamOpened is sent, or this is the gateway's own
        public bool IsUdp;
        public bool HasEnded;
        public bool IsReset;
    }

    /// <summary>A frame that the peer sends, well-formed or not.</summary>
    public void OnReceived(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        switch (header.Type)
        {
            case FrameType.OpenStream when MessageReader.Read(payload, out OpenStream open) is null:
                _streams.TryAdd(header.StreamId, new Stream { Credit = open.Window, IsUdp = open.Protocol == StreamProtocol.Udp });
                break;
            case FrameType.StreamOpened when MessageReader.Read(payload, out StreamOpened opened) is null:
                AddCredit(header.StreamId, opened.Window);
                break;
            case FrameType.WindowUpdate when MessageReader.Read(payload, out WindowUpdate update) is null:
                AddCredit(header.StreamId, update.Increment);
                break;
            case FrameType.Ping:
                _pings++;
                break;
        }
    }

    /// <summary>A frame that the gateway sends.</summary>
    public void OnSent(WireFrame frame)
    {
        if (frame.Type is FrameType.Hello or FrameType.Authenticate)
        {
            return;
        }

        Breach? breach = FrameRules.Check(frame.Header, hello.MaxFramePayload, out bool skip) ?? Parse(frame);
        Must(breach is null && !skip, frame, breach?.Detail ?? "it is of no known type");
        Must(!_goneAway || frame.Type != FrameType.OpenStream, frame, "it comes behind GoAway");
        switch (frame.Type)
        {
            case FrameType.Ping:
                break;
            case FrameType.Pong:
                Must(--_pings >= 0, frame, "nobody has asked");
                break;
            case FrameType.GoAway:
                GoAway = frame.GoAwayReason;
                _goneAway = true;
                break;
            case FrameType.OpenStream:
                OnOpen(frame);
                break;
            case FrameType.Datagram when frame.StreamId == 0:
                break;
            default:
                OnStreamFrame(frame);
                break;
        }
    }

    private static Breach? Parse(WireFrame frame) => frame.Type switch
    {
        FrameType.OpenStream => MessageReader.Read(frame.Payload, out OpenStream _),
        FrameType.StreamOpened => MessageReader.Read(frame.Payload, out StreamOpened _),
        FrameType.ResetStream => MessageReader.Read(frame.Payload, out ResetStream _),
        FrameType.WindowUpdate => MessageReader.Read(frame.Payload, out WindowUpdate _),
        FrameType.Datagram => MessageReader.Read(frame.Payload, out Datagram _),
        FrameType.GoAway => MessageReader.Read(frame.Payload, out GoAway _),
        _ => null,
    };

    private void OnOpen(WireFrame frame)
    {
        uint id = frame.StreamId;
        Must(StreamId.OpenedBy(id, dialled) && id > _lastOwn, frame, $"it is not the gateway's, or not above {_lastOwn}");
        _lastOwn = id;
        long early = _streams.GetValueOrDefault(id)?.Credit ?? 0; // from frames for it that came too early
        _streams[id] = new Stream { Credit = early + hello.InitialWindow, IsTold = true, IsUdp = frame.OpenStream.Protocol == StreamProtocol.Udp };
    }

    private void OnStreamFrame(WireFrame frame)
    {
        Must(_streams.TryGetValue(frame.StreamId, out Stream? stream), frame, "nobody has opened the stream");
        Must(!stream!.IsReset, frame, "it comes behind ResetStream");
        switch (frame.Type)
        {
            case FrameType.StreamOpened:
                Must(!stream.IsTold && !stream.IsUdp, frame, "it was told before, or there is nothing to tell");
                stream.IsTold = true;
                break;
            case FrameType.Data:
                stream.Credit -= frame.Payload.Length;
                Must(stream is { IsTold: true, HasEnded: false, IsUdp: false }, frame, "its half is not open");
                Must(stream.Credit >= 0, frame, "it is more than there is credit for");
                break;
            case FrameType.EndOfStream:
                Must(stream is { HasEnded: false } and ({ IsTold: true } or { IsUdp: true }), frame, "its half is not open");
                stream.HasEnded = true;
                break;
            case FrameType.ResetStream:
                stream.IsReset = true;
                break;
            case FrameType.WindowUpdate:
                Must(!stream.IsUdp, frame, "a flow has no credit");
                break;
            case FrameType.Datagram:
                Must(stream is { IsUdp: true, HasEnded: false }, frame, "it is no flow, or over");
                break;
        }
    }

    private void AddCredit(uint id, int bytes)
    {
        if (!_streams.TryGetValue(id, out Stream? stream))
        {
            _streams.Add(id, stream = new Stream());
        }

        stream.Credit += bytes;
    }

    private static void Must(bool holds, WireFrame frame, string what) =>
        FuzzException.Unless(holds, $"the gateway sends {frame.Type} on stream {frame.StreamId} ({Convert.ToHexStringLower(frame.Payload)}): {what}");
}
