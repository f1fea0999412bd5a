using DotNetty.Buffers;
using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using IgsNetty.Endpoints.Calls;
using IgsNetty.Relay.Routing;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>
/// A caller of the proxy port until it is known what it wants; then it takes itself out and hands the socket to
/// <see cref="Call"/> or <see cref="AssociationHandler"/>. The first byte tells SOCKS5 from HTTP. Reads one at a time, so no read is under way when the
/// socket moves on; has one deadline and one bound on what it keeps.
/// </summary>
internal sealed class ProxyHandler(ProxyPort port, IStreamSocket socket) : ChannelHandlerAdapter
{
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(2);

    private IProxyDialogue? _dialogue;
    private IByteBuffer? _input;
    private IScheduledTask? _deadline;
    private bool _done;

    public override void ChannelActive(IChannelHandlerContext channel)
    {
        int seconds = port.Context.Limits.HandshakeSeconds;
        _deadline = channel.Channel.EventLoop.Schedule(
            () => Refuse(null, $"no complete request within {seconds} s"), TimeSpan.FromSeconds(seconds));
        channel.Read();
    }

    public override void ChannelRead(IChannelHandlerContext channel, object message)
    {
        IByteBuffer received = (IByteBuffer)message;
        if (_done)
        {
            received.Release();
        }
        else if (_input is null)
        {
            _input = received;
        }
        else
        {
            IByteBuffer joined = _input.Allocator.Buffer(_input.ReadableBytes + received.ReadableBytes);
            joined.WriteBytes(_input).WriteBytes(received);
            _input.Release();
            received.Release();
            _input = joined;
        }
    }

    public override void ChannelReadComplete(IChannelHandlerContext channel)
    {
        while (!_done && _input is not null && _input.IsReadable())
        {
            ReadOnlySpan<byte> bytes = new(_input.Array, _input.ArrayOffset + _input.ReaderIndex, _input.ReadableBytes);
            _dialogue ??= bytes[0] switch
            {
                Socks5Dialogue.Version => new Socks5Dialogue(port.Users, port.Options.Udp),
                >= (byte)'A' and <= (byte)'Z' => new HttpConnectDialogue(port.Users),
                _ => null,
            };
            if (_dialogue is null)
            {
                Refuse(null, $"its first byte, 0x{bytes[0]:x2}, is neither SOCKS5 nor HTTP");
                return;
            }

            ProxyStep step = _dialogue.Next(bytes);
            if (step.NeedsMore)
            {
                break;
            }

            if (!Take(channel, step))
            {
                return;
            }
        }

        if (!_done)
        {
            channel.Read();
        }
    }

    public override void UserEventTriggered(IChannelHandlerContext channel, object evt)
    {
        if (evt is ChannelInputShutdownEvent)
        {
            Refuse(null, "it closed before its request was complete");
        }
    }

    public override void ExceptionCaught(IChannelHandlerContext channel, Exception exception) => Refuse(null, exception.Message);

    public override void ChannelInactive(IChannelHandlerContext channel) => Refuse(null, "it went away before its request was complete");

    private bool Take(IChannelHandlerContext channel, ProxyStep step)
    {
        _input!.SkipBytes(step.Consumed);
        if (step.Refusal is { } why)
        {
            Refuse(step.Reply, why);
            return false;
        }

        if (step.Reply is { } reply)
        {
            socket.Send(Unpooled.WrappedBuffer(reply));
        }

        if (step.Target is null && step.Association is null)
        {
            return true;
        }

        _done = true;
        _deadline?.Cancel();
        channel.Channel.Pipeline.Remove(this);
        string caller = step.User is { } user ? AccessPolicy.UserPrefix + user : AccessPolicy.Local;
        if (step.Target is { } target)
        {
            Call.Begin(port.Context, new IncomingCall(socket, target, caller, null, _dialogue, _input));
        }
        else
        {
            _input.Release();
            AssociationHandler.Begin(socket, port.Datagrams, step.Association!, caller, _dialogue!);
        }

        return false;
    }

    private void Refuse(byte[]? reply, string why)
    {
        if (_done)
        {
            return;
        }

        _done = true;
        _deadline?.Cancel();
        _input?.Release();
        EndpointLog.ProxyCallerRefused(port.Context.Logger, socket.Channel.RemoteAddress, why);
        if (reply is not null)
        {
            socket.Send(Unpooled.WrappedBuffer(reply));
        }

        GentleClose.Begin(socket, FarewellLimit);
    }
}
