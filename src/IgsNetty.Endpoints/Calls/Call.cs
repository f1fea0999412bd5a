using System.Diagnostics;
using System.Net;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;
using IgsNetty.Endpoints.Trust;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Routing;
using IgsNetty.Relay.Streams;
using IgsNetty.Relay.Targets;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Calls;

/// <summary>
/// Takes one caller from "target known" to "relayed": routes it, finds a link or opens the target from here, answers it,
/// and joins the two. The one way in for every endpoint. Runs on the caller's loop, which changes once when the link it
/// gets lives on another.
/// </summary>
internal sealed class Call : IStreamOwner
{
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(2);

    private readonly EndpointContext _context;
    private readonly IncomingCall _incoming;
    private string _via = "";

    private Call(EndpointContext context, IncomingCall incoming)
    {
        _context = context;
        _incoming = incoming;
    }

    private IEventLoop Loop => _incoming.Socket.Channel.EventLoop;

    /// <summary>Starts; everything that can go wrong ends in an answer to the caller and a log line.</summary>
    public static void Begin(EndpointContext context, IncomingCall incoming) => _ = new Call(context, incoming).RunAsync();

    void IStreamOwner.OnOpened(RelayStream stream, StreamOpened opened)
    {
        SendAnswer(opened.Bound);
        stream.Attach(_incoming.Socket, _incoming.First);
    }

    void IStreamOwner.OnRefused(RelayStream stream, ResetReason reason) => Fail(reason);

    private async Task RunAsync()
    {
        try
        {
            string? via = _incoming.Via ?? _context.Routes.Find(_incoming.Target);
            _via = via ?? "no route";
            if (via is null)
            {
                Fail(ResetReason.NoRoute);
            }
            else if (via == RouteRule.Direct)
            {
                await OpenHereAsync();
            }
            else
            {
                await OpenOnLinkAsync(via);
            }
        }
        catch (Exception e)
        {
            EndpointLog.CallBroken(_context.Logger, e, Remote, _incoming.Target);
            await Loop.SwitchTo();
            _incoming.Socket.Abort();
        }
    }

    private EndPoint? Remote => _incoming.Socket.Channel.RemoteAddress;

    private async Task OpenHereAsync()
    {
        ConnectResult result = await _context.Connector
            .ConnectAsync(_incoming.Target, new CallOrigin(_incoming.Caller, ClientKey.Of(Remote)), Loop, CancellationToken.None);
        await Loop.SwitchTo();
        if (result.Socket is not { } target)
        {
            Fail(result.Reason);
            return;
        }

        SendAnswer(target.Channel.LocalAddress is IPEndPoint bound ? TargetAddress.FromEndPoint(bound) : null);
        DirectRelay.Join(_context.LoopOf(Loop), _incoming.Socket, target, _incoming.First);
    }

    // A link may be lost while the socket is on its way to the link's loop. It takes no stream then and is found no more: the
    // call goes on as one that came a moment later.
    private async Task OpenOnLinkAsync(string peer)
    {
        TargetAddress? caller = Remote is IPEndPoint address ? TargetAddress.FromEndPoint(address) : null;
        ResetReason refusal = ResetReason.NoRoute;
        RelayStream? stream = null;
        long started = Stopwatch.GetTimestamp();
        while (stream is null && refusal == ResetReason.NoRoute && await FindLinkAsync(peer, started) is { } link)
        {
            IEventLoop home = link.Loop.Loop;
            await Loop.SwitchTo();
            if (home != Loop)
            {
                // The socket goes to the loop that owns the link, before its stream opens (docs/architecture.md, rule 1).
                await _incoming.Socket.Channel.DeregisterAsync();
                if (!_incoming.Socket.Channel.Open)
                {
                    break; // the caller has reset the connection: a closed socket cannot be registered
                }

                Task registered = home.RegisterAsync(_incoming.Socket.Channel);
                await home.SwitchTo(); // behind the registration: it is done by then, and this goes on where it was done
                await registered;
            }

            stream = link.TryOpen(_incoming.Target, caller, _incoming.Answer is null ? null : this, out refusal);
        }

        await Loop.SwitchTo();
        if (stream is null && !_incoming.Socket.Channel.Open)
        {
            _incoming.First?.Release(); // nobody is left to be answered
        }
        else if (stream is null)
        {
            Fail(refusal);
        }
        else if (_incoming.Answer is null)
        {
            stream.Attach(_incoming.Socket, _incoming.First);
        }
    }

    // Null: none has come in the time that a call waits for one.
    private async Task<Link?> FindLinkAsync(string peer, long started)
    {
        LinkRegistry registry = _context.Links.Registry;
        TimeSpan limit = TimeSpan.FromSeconds(_context.Limits.LinkWaitSeconds);
        Link? link;
        TimeSpan left;
        while ((link = registry.Find(peer, Loop)) is null && (left = limit - Stopwatch.GetElapsedTime(started)) > TimeSpan.Zero)
        {
            await registry.WaitAsync(peer, left);
        }

        return link;
    }

    private void SendAnswer(TargetAddress? bound)
    {
        if (_incoming.Answer is { } answer)
        {
            _incoming.Socket.Send(Unpooled.WrappedBuffer(answer.Success(bound)));
        }
    }

    private void Fail(ResetReason reason)
    {
        _context.LoopOf(Loop).Totals.OpensRefused++;
        if (_context.Throttle.TryPass((ClientKey.Of(Remote), _incoming.Target, reason), out int more))
        {
            EndpointLog.CallFailed(_context.Logger, Remote, _incoming.Target, reason, _via, more);
        }

        _incoming.First?.Release();
        if (_incoming.Answer is { } answer)
        {
            _incoming.Socket.Send(Unpooled.WrappedBuffer(answer.Failure(reason)));
            GentleClose.Begin(_incoming.Socket, FarewellLimit);
        }
        else
        {
            _incoming.Socket.Abort();
        }
    }
}
