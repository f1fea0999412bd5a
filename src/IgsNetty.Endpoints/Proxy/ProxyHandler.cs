using System.Diagnostics;
using System.Net;
using DotNetty.Buffers;
using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using IgsNetty.Endpoints.Calls;
using IgsNetty.Endpoints.Trust;
using IgsNetty.Relay.Diagnostics;
using IgsNetty.Relay.Routing;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>
/// A caller of the proxy port until it is known what it wants; then it takes itself out and hands the socket to
/// <see cref="Call"/> or <see cref="AssociationHandler"/>. The first byte tells SOCKS5, SOCKS4 and HTTP apart. Reads one at a time, so no read is under way when the
/// socket moves on; has one deadline and one bound on what it keeps.
/// </summary>
/// <param name="port">The proxy port.</param>
/// <param name="socket">The caller's.</param>
/// <param name="pass">Held until the request is known.</param>
internal sealed class ProxyHandler(ProxyPort port, IStreamSocket socket, HandshakePass pass) : ChannelHandlerAdapter
{
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(2);

    private IProxyDialogue? _dialogue;
    private IByteBuffer? _input;
    private bool _gathers; // _input is a buffer of its own, not one that was received
    private IScheduledTask? _deadline;
    private long _askedAt;
    private bool _isChecking;
    private volatile bool _done;

    public override void ChannelActive(IChannelHandlerContext channel)
    {
        int seconds = port.Context.Limits.HandshakeSeconds;
        _deadline = channel.Channel.EventLoop.Schedule(
            () => Refuse(_dialogue?.Unfinished(isLate: true), $"no complete request within {seconds} s"), TimeSpan.FromSeconds(seconds));
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
            Gather(received);
        }
    }

    public override void ChannelReadComplete(IChannelHandlerContext channel) => GoOn(channel);

    private void GoOn(IChannelHandlerContext channel)
    {
        while (!_done && !_isChecking && _input is not null && _input.IsReadable())
        {
            ReadOnlySpan<byte> bytes = new(_input.Array, _input.ArrayOffset + _input.ReaderIndex, _input.ReadableBytes);
            _dialogue ??= bytes[0] switch
            {
                Socks5Dialogue.Version => new Socks5Dialogue(port.Users, port.Options.Udp),
                Socks4Dialogue.Version => new Socks4Dialogue(port.Users),
                byte first when HttpConnectDialogue.IsFirstByte(first) => new HttpConnectDialogue(port.Users),
                _ => null,
            };
            if (_dialogue is null)
            {
                Refuse(null, $"its first byte, 0x{bytes[0]:x2}, is neither SOCKS nor HTTP");
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

        if (!_done && !_isChecking)
        {
            channel.Read();
        }
    }

    public override void UserEventTriggered(IChannelHandlerContext channel, object evt)
    {
        if (evt is ChannelInputShutdownEvent)
        {
            Refuse(_dialogue?.Unfinished(isLate: false), "it closed before its request was complete");
        }
    }

    public override void ExceptionCaught(IChannelHandlerContext channel, Exception exception) => Refuse(null, exception.Message);

    public override void ChannelInactive(IChannelHandlerContext channel) => Refuse(null, "it went away before its request was complete");

    // Into one buffer that grows by doubling: a caller that sends byte by byte must not make each byte cost all that came before.
    private void Gather(IByteBuffer received)
    {
        if (!_gathers)
        {
            _gathers = true;
            IByteBuffer first = _input!;
            _input = first.Allocator.Buffer(2 * (first.ReadableBytes + received.ReadableBytes));
            _input.WriteBytes(first);
            first.Release();
        }

        _input!.WriteBytes(received);
        received.Release();
    }

    private bool Take(IChannelHandlerContext channel, ProxyStep step)
    {
        _input!.SkipBytes(step.Consumed);
        if (step.Login is { } login)
        {
            _askedAt = Stopwatch.GetTimestamp();
            IPAddress address = ClientKey.Of(socket.Channel.RemoteAddress);
            if (port.Logins.CheckAtOnce(address, login) is { } verdict)
            {
                return OnLogin(channel, verdict);
            }

            _isChecking = true;
            _ = CheckAsync(channel, address, login);
            return false;
        }

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
        pass.Leave();
        channel.Channel.Pipeline.Remove(this);
        string caller = step.User is { } user ? AccessPolicy.UserPrefix + user : AccessPolicy.Local;
        if (step.Target is { } target)
        {
            Call.Begin(port.Context, new IncomingCall(socket, target, caller, null, _dialogue, _input));
        }
        else
        {
            _input.Release();
            AssociationHandler.Begin(socket, port, step.Association!, caller, _dialogue!);
        }

        return false;
    }

    private async Task CheckAsync(IChannelHandlerContext channel, IPAddress address, Login login)
    {
        LoginVerdict verdict = await port.Logins.CheckAsync(address, login, () => !_done).ConfigureAwait(false);
        await socket.Channel.EventLoop.SwitchTo();
        _isChecking = false;
        if (!_done && OnLogin(channel, verdict))
        {
            GoOn(channel);
        }
    }

    // Whoever was wrong hears of it a second after it asked: guessing takes long, and how long the check took is not seen.
    private bool OnLogin(IChannelHandlerContext channel, LoginVerdict verdict)
    {
        LoopTotals totals = port.Context.LoopOf(channel.Channel.EventLoop).Totals;
        switch (verdict)
        {
            case LoginVerdict.Right:
                return Take(channel, _dialogue!.OnLogin(isRight: true));
            case LoginVerdict.Wrong:
                totals.LoginsFailed++;
                _isChecking = true;
                TimeSpan left = LoginThrottle.Delay - Stopwatch.GetElapsedTime(_askedAt);
                channel.Channel.EventLoop.Schedule(
                    () => Refuse(_dialogue!.OnLogin(isRight: false)), left > TimeSpan.Zero ? left : TimeSpan.Zero);
                return false;
            default:
                totals.CallersRefused++;
                Refuse(_dialogue!.OnLogin(isRight: false).Reply, $"too many wrong logins from its address; it is not heard for {LoginThrottle.Pause / 1000} s");
                return false;
        }
    }

    private void Refuse(ProxyStep step) => Refuse(step.Reply, step.Refusal!);

    private void Refuse(byte[]? reply, string why)
    {
        if (_done)
        {
            return;
        }

        _done = true;
        _deadline?.Cancel();
        _input?.Release();
        pass.LeaveWhenClosed();
        port.LogRefusal(socket, why);
        if (reply is not null)
        {
            socket.Send(Unpooled.WrappedBuffer(reply));
        }

        GentleClose.Begin(socket, FarewellLimit);
    }
}
