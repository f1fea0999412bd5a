using DotNetty.Common.Concurrency;
using DotNetty.Transport.Channels;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Links;

namespace IgsNetty.Relay.Pipeline;

/// <summary>
/// Cuts a link whose peer is gone (O6): a quiet link is checked with a Ping, then <see cref="KeepAliveOptions.Count"/>
/// more times. Any byte counts as an answer. One timer a link.
/// </summary>
/// <param name="link">What is to be cut.</param>
/// <param name="options">When.</param>
/// <param name="milliseconds">The clock, of any origin; null: the system's.</param>
internal sealed class KeepAliveHandler(Link link, KeepAliveOptions options, Func<long>? milliseconds = null) : ChannelHandlerAdapter
{
    private readonly Func<long> _milliseconds = milliseconds ?? (static () => Environment.TickCount64);
    private long _heardAt;
    private int _unanswered;
    private IScheduledTask? _timer;

    public override void HandlerAdded(IChannelHandlerContext context)
    {
        _heardAt = _milliseconds();
        Schedule(context, options.IdleSeconds * 1000L);
    }

    public override void HandlerRemoved(IChannelHandlerContext context) => _timer?.Cancel();

    public override void ChannelInactive(IChannelHandlerContext context)
    {
        _timer?.Cancel();
        context.FireChannelInactive();
    }

    public override void ChannelRead(IChannelHandlerContext context, object message)
    {
        _heardAt = _milliseconds();
        _unanswered = 0;
        context.FireChannelRead(message);
    }

    private void Schedule(IChannelHandlerContext context, long milliseconds) =>
        _timer = link.Loop.Loop.Schedule(
            static (handler, c) => ((KeepAliveHandler)handler).Check((IChannelHandlerContext)c),
            this,
            context,
            TimeSpan.FromMilliseconds(milliseconds));

    private void Check(IChannelHandlerContext context)
    {
        if (context.Removed || !context.Channel.Active)
        {
            return;
        }

        long untilIdle = (options.IdleSeconds * 1000L) - (_milliseconds() - _heardAt);
        if (untilIdle > 0)
        {
            Schedule(context, untilIdle);
            return;
        }

        if (_unanswered > options.Count)
        {
            link.Loop.Totals.LinksTimedOut++;
            RelayLog.KeepAliveFailed(link.Context.Logger, link.Peer, _unanswered, link.StreamCount);
            link.Close(GoAwayReason.KeepAliveTimeout, "", tellPeer: false);
            return;
        }

        _unanswered++;
        link.SendPing();
        Schedule(context, options.IntervalSeconds * 1000L);
    }
}
