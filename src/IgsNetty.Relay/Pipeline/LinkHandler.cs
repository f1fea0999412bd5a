using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using IgsNetty.Protocol.Codec;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Streams;

namespace IgsNetty.Relay.Pipeline;

/// <summary>The switch: each frame to what it concerns. Tail of a link's pipeline.</summary>
internal sealed class LinkHandler(Link link) : ChannelHandlerAdapter, IFrameSink
{
    public Breach? OnData(uint streamId, IByteBuffer source, int index, int count, bool isLast) =>
        link.Lookup<RelayStream>(FrameType.Data, streamId, out Breach? breach) is { } stream ? stream.OnData(source, index, count, isLast) : breach;

    public Breach? OnFrame(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        // Datagrams cost what they carry; how many there may be is for the backlog and the sockets to say.
        Breach? breach = header.Type == FrameType.Datagram ? null : link.Spend(Cost(header.Type));
        if (breach is not null)
        {
            return breach;
        }

        switch (header.Type)
        {
            case FrameType.WindowUpdate:
                return MessageReader.Read(payload, out WindowUpdate update)
                    ?? (link.Lookup<RelayStream>(header.Type, header.StreamId, out breach) is { } credited ? credited.Sending.AddCredit(update.Increment) : breach);
            case FrameType.OpenStream:
                return MessageReader.Read(payload, out OpenStream open) ?? link.OnOpenStream(header.StreamId, open);
            case FrameType.StreamOpened:
                return MessageReader.Read(payload, out StreamOpened opened)
                    ?? (link.Lookup<RelayStream>(header.Type, header.StreamId, out breach) is { } accepted ? accepted.OnOpened(opened) : breach);
            case FrameType.EndOfStream:
                return link.Lookup<ILinkStream>(header.Type, header.StreamId, out breach) is { } ended ? ended.OnEndOfStream() : breach;
            case FrameType.ResetStream:
                breach = MessageReader.Read(payload, out ResetStream reset);
                if (breach is null)
                {
                    link.Lookup<ILinkStream>(header.Type, header.StreamId, out breach)?.OnReset(reset.Reason);
                }

                return breach;
            case FrameType.Ping:
                breach = MessageReader.Read(payload, out Ping ping);
                if (breach is null)
                {
                    link.Writer.WritePing(FrameType.Pong, ping);
                }

                return breach;
            case FrameType.Pong:
                breach = MessageReader.Read(payload, out Ping pong);
                if (breach is null)
                {
                    link.OnPong(pong);
                }

                return breach;
            case FrameType.GoAway:
                breach = MessageReader.Read(payload, out GoAway goAway);
                if (breach is null)
                {
                    link.OnGoAway(goAway);
                }

                return breach;
            case FrameType.Datagram:
                return MessageReader.Read(payload, out Datagram datagram) ?? link.Datagrams.OnDatagram(header.StreamId, datagram);
            default:
                throw new InvalidOperationException($"{header.Type} passed FrameRules and has no arm here");
        }
    }

    private static int Cost(FrameType type) => type switch
    {
        FrameType.Ping => ControlBudget.PingPoints,
        FrameType.GoAway => ControlBudget.GoAwayPoints,
        _ => 1,
    };

    public void OnBreach(Breach breach) => link.OnBreach(breach);

    public override void UserEventTriggered(IChannelHandlerContext context, object evt)
    {
        if (evt is ChannelInputShutdownEvent)
        {
            link.OnChannelLost(null);
        }
    }

    public override void ExceptionCaught(IChannelHandlerContext context, Exception exception) => link.OnChannelLost(exception);

    public override void ChannelInactive(IChannelHandlerContext context) => link.OnChannelLost(null);
}
