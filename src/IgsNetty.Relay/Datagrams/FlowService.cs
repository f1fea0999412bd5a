using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Routing;
using IgsNetty.Transport;

namespace IgsNetty.Relay.Datagrams;

/// <summary>The calling side of UDP for one listening socket: opens flows, and sends what awaits no reply. Loop only.</summary>
/// <param name="loop">The loop of the socket.</param>
/// <param name="links">The links of the gateway.</param>
public sealed class FlowService(RelayLoop loop, LinkContext links)
{
    private readonly LogThrottle _refusals = new(() => loop.Clock());

    /// <summary>The loop of all of it.</summary>
    public RelayLoop Loop => loop;

    internal LinkContext Links => links;

    internal LogThrottle Failures { get; } = new(() => loop.Clock());

    /// <summary>Opens a flow under the limits.</summary>
    /// <param name="request">Who and where to.</param>
    /// <param name="caller">Gets the replies.</param>
    /// <param name="ended">Called once, when the flow has ended.</param>
    /// <returns>Null when there are too many flows.</returns>
    public DatagramFlow? TryOpen(FlowRequest request, IFlowCaller caller, Action ended)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(caller);
        if (links.Datagrams.Flows.TryTake(request.Client.WithPort(0)) is { } limit)
        {
            loop.Totals.FlowsRefused++;
            if (_refusals.TryPass(out int more))
            {
                RelayLog.FlowRefused(links.Logger, request.Client.WithoutLocal().ToString(), limit, more);
            }

            return null;
        }

        loop.Totals.FlowsOpened++;
        DatagramFlow flow = new(this, request, caller, ended);
        loop.Idle.Add(flow);
        return flow;
    }

    /// <summary>Sends a datagram that awaits no reply (UDP response timeout 0). Nothing is kept of it.</summary>
    /// <param name="from">As <see cref="FlowRequest.From"/>.</param>
    /// <param name="client">The sender; for logs.</param>
    /// <param name="via">As <see cref="FlowRequest.Via"/>.</param>
    /// <param name="target">An address or a host name.</param>
    /// <param name="payload">Its bytes; valid during the call.</param>
    public void SendOnce(string from, in UdpAddress client, string via, in FlowAddress target, ReadOnlySpan<byte> payload)
    {
        if (payload.Length > FrameLimits.MaxDatagram)
        {
            loop.Totals.DatagramsTooLarge++;
            return;
        }

        if (via == RouteRule.Direct)
        {
            loop.ReplyPorts.SendOnce(from, client, target, payload);
            return;
        }

        if (links.Registry.Find(via, loop.Loop) is not { } link)
        {
            Drop(client, target, ResetReason.NoRoute, via);
        }
        else if (!link.HasDatagrams)
        {
            Drop(client, target, ResetReason.Unsupported, via);
        }
        else if (link.Loop == loop)
        {
            link.Datagrams.Unanswered.Take(target, payload, loop.Totals);
        }
        else if (!link.Datagrams.TryHandOver(target, payload, link, static (to, frame, totals) => ((Link)to).Datagrams.Unanswered.Take(frame, totals)))
        {
            loop.Totals.DatagramsDropped++;
        }
    }

    /// <summary>Counts a datagram that cannot go anywhere, and says so in the log, once in a while.</summary>
    public void Drop(in UdpAddress client, in FlowAddress target, ResetReason reason, string via)
    {
        loop.Totals.DatagramsDropped++;
        if (Failures.TryPass(out int more))
        {
            RelayLog.FlowFailed(links.Logger, client.WithoutLocal(), target.ToTarget(), reason, via, more);
        }
    }
}
