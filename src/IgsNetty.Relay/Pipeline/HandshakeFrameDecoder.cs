using DotNetty.Buffers;
using DotNetty.Codecs;
using DotNetty.Transport.Channels;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;

namespace IgsNetty.Relay.Pipeline;

/// <summary>
/// DotNetty's length-field decoder, but each frame goes on as it is found. Left to itself it first takes all that a read
/// brought apart: what follows the last handshake message would be judged by the handshake's limit, and overtaken by the
/// bytes that it hands on when it is removed. A header that may not come is not waited for: a <see cref="Breach"/> goes on
/// instead, and nothing after it.
/// </summary>
internal sealed class HandshakeFrameDecoder() : LengthFieldBasedFrameDecoder(
    FrameHeader.Size + FrameLimits.MaxHandshakePayload,
    FrameHeader.LengthFieldOffset,
    FrameHeader.LengthFieldSize,
    FrameHeader.LengthAdjustment,
    0)
{
    private bool _broken;

    protected override void Decode(IChannelHandlerContext context, IByteBuffer input, List<object> output)
    {
        if (_broken)
        {
            input.SkipBytes(input.ReadableBytes);
        }
        else if (input.ReadableBytes < FrameHeader.Size)
        {
            return; // the base would look at the length as soon as that is there
        }
        else if (FrameRules.CheckHandshake(FrameHeader.Read(input.Span())) is { } breach)
        {
            _broken = true;
            input.SkipBytes(input.ReadableBytes);
            context.FireChannelRead(breach);
        }
        else if (Decode(context, input) is { } frame)
        {
            context.FireChannelRead(frame);
        }
    }
}
