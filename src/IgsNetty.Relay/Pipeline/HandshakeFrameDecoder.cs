using DotNetty.Buffers;
using DotNetty.Codecs;
using DotNetty.Transport.Channels;
using IgsNetty.Protocol.Frames;

namespace IgsNetty.Relay.Pipeline;

/// <summary>
/// DotNetty's length-field decoder, but each frame goes on as it is found. Left to itself it first takes all that a read
/// brought apart: what follows the last handshake message would be judged by the handshake's limit, and overtaken by the
/// bytes that it hands on when it is removed.
/// </summary>
internal sealed class HandshakeFrameDecoder() : LengthFieldBasedFrameDecoder(
    FrameHeader.Size + FrameLimits.MaxHandshakePayload,
    FrameHeader.LengthFieldOffset,
    FrameHeader.LengthFieldSize,
    FrameHeader.LengthAdjustment,
    0)
{
    protected override void Decode(IChannelHandlerContext context, IByteBuffer input, List<object> output)
    {
        if (Decode(context, input) is { } frame)
        {
            context.FireChannelRead(frame);
        }
    }
}
