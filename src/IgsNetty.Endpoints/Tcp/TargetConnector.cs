using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using DotNetty.Transport.Channels;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay;
using IgsNetty.Relay.Routing;
using IgsNetty.Relay.Targets;
using IgsNetty.Transport;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Endpoints.Tcp;

/// <summary>
/// Opens TCP to called applications. A name is resolved once; every address it has is checked against the access rules;
/// those that pass are dialled, and no other. All of it has one deadline. Thread-safe.
/// </summary>
/// <param name="transport">Where sockets come from.</param>
/// <param name="access">Who may open what.</param>
/// <param name="limits">For the deadline.</param>
/// <param name="logger">For refusals and failures.</param>
public sealed class TargetConnector(ITransport transport, AccessPolicy access, RelayLimits limits, ILogger logger) : ITargetConnector
{
    /// <summary>How long an attempt is alone before the next address is tried beside it (RFC 8305 §5).</summary>
    private static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(250);

    private const int MostLookupsPerCaller = 32;
    private const int MostCallers = 1024;

    private readonly DistinctThrottle _throttle = new();
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _lookups = new(StringComparer.Ordinal);

    /// <summary>What resolves names; for tests.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> Resolver { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>The clock of the deadline and between attempts; for tests.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <inheritdoc/>
    public async Task<ConnectResult> ConnectAsync(TargetAddress target, string caller, IEventLoop loop, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(target);
        using CancellationTokenSource clock = new(TimeSpan.FromSeconds(limits.ConnectSeconds), Time);
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation, clock.Token);
        ResetReason reason;
        try
        {
            IPAddress[] addresses = await ResolveAsync(target, caller, deadline.Token);
            IPEndPoint[] allowed = [.. Interleave(addresses)
                .Where(address => access.Allows(caller, TransportProtocol.Tcp, target.Host, address, target.Port))
                .Select(address => new IPEndPoint(address, target.Port))];
            if (addresses.Length > 0 && allowed.Length == 0)
            {
                LogRefusal(target, caller, addresses[0]);
                return ConnectResult.Failed(ResetReason.NotAllowed);
            }

            ConnectResult result = allowed.Length == 0
                ? ConnectResult.Failed(ResetReason.NameNotFound)
                : allowed.Length == 1
                    ? await AttemptAsync(allowed[0], loop, deadline.Token)
                    : await DialAsync(allowed, loop, deadline.Token);
            if (result.Socket is not null)
            {
                return result;
            }

            reason = cancellation.IsCancellationRequested ? ResetReason.Cancelled : result.Reason;
        }
        catch (OperationCanceledException)
        {
            reason = cancellation.IsCancellationRequested ? ResetReason.Cancelled : ResetReason.ConnectTimeout;
        }
        catch (SocketException)
        {
            reason = ResetReason.NameNotFound; // only the resolver's come this far
        }

        if (reason != ResetReason.Cancelled && _throttle.TryPass((caller, target, reason), out int more))
        {
            EndpointLog.TargetUnreachable(logger, target, caller, reason, more);
        }

        return ConnectResult.Failed(reason);
    }

    private void LogRefusal(TargetAddress target, string caller, IPAddress address)
    {
        if (_throttle.TryPass((caller, target), out int more))
        {
            AccessDecision refusal = access.Check(caller, TransportProtocol.Tcp, target.Host, address, target.Port);
            string entry = refusal.MissingEntry(caller, TransportProtocol.Tcp, target.Host, address, target.Port);
            EndpointLog.NotAllowed(logger, caller, target, refusal.Why, entry, more);
        }
    }

    // A lookup may hold a thread of the pool for seconds, and cannot be called back from there: each caller has so many, and
    // who asks for names that nobody answers for does not keep the others from theirs.
    private SemaphoreSlim TurnOf(string caller)
    {
        if (_lookups.TryGetValue(caller, out SemaphoreSlim? turn))
        {
            return turn;
        }

        if (_lookups.Count >= MostCallers)
        {
            _lookups.Clear();
        }

        return _lookups.GetOrAdd(caller, static _ => new SemaphoreSlim(MostLookupsPerCaller));
    }

    private static async Task ReleaseAfterAsync(Task lookup, SemaphoreSlim turn)
    {
        await lookup.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        turn.Release();
    }

    private async Task<IPAddress[]> ResolveAsync(TargetAddress target, string caller, CancellationToken cancellation)
    {
        if (target.Address is { } address)
        {
            return [address];
        }

        SemaphoreSlim turn = TurnOf(caller);
        await turn.WaitAsync(cancellation);
        Task<IPAddress[]> lookup = Resolver(target.Host!, cancellation);
        _ = ReleaseAfterAsync(lookup, turn);
        IPAddress[] found = await lookup.WaitAsync(cancellation);
        return [.. found.Select(TargetAddress.Canonical).Distinct()];
    }

    /// <summary>The resolver's order within a family, families in turn, so that a dead one costs one delay only (RFC 8305 §4).</summary>
    private static IEnumerable<IPAddress> Interleave(IPAddress[] addresses)
    {
        IPAddress[] first = [.. addresses.Where(a => a.AddressFamily == addresses[0].AddressFamily)];
        IPAddress[] second = [.. addresses.Where(a => a.AddressFamily != addresses[0].AddressFamily)];
        for (int i = 0; i < Math.Max(first.Length, second.Length); i++)
        {
            foreach (IPAddress[] family in (IPAddress[][])[first, second])
            {
                if (i < family.Length)
                {
                    yield return family[i];
                }
            }
        }
    }

    private async Task<ConnectResult> DialAsync(IPEndPoint[] addresses, IEventLoop loop, CancellationToken deadline)
    {
        using CancellationTokenSource losers = CancellationTokenSource.CreateLinkedTokenSource(deadline);
        List<Task<ConnectResult>> running = [];
        ResetReason reason = ResetReason.ConnectTimeout;
        int worst = int.MaxValue;
        int next = 0;
        while (next < addresses.Length || running.Count > 0)
        {
            if (next < addresses.Length)
            {
                running.Add(AttemptAsync(addresses[next++], loop, losers.Token));
            }

            Task<ConnectResult>? finished = await FirstAsync(running, mayWait: next == addresses.Length, deadline);
            if (finished is null)
            {
                continue;
            }

            running.Remove(finished);
            ConnectResult result = await finished;
            if (result.Socket is not null)
            {
                losers.Cancel();
                running.ForEach(loser => _ = AbandonAsync(loser));
                return result;
            }

            if (Array.IndexOf(MostTelling, result.Reason) is int rank && rank < worst)
            {
                worst = rank;
                reason = result.Reason;
            }
        }

        return ConnectResult.Failed(reason);
    }

    /// <summary>When several addresses fail in several ways, the caller is told the one that says most.</summary>
    private static ResetReason[] MostTelling { get; } =
    [
        ResetReason.ConnectionRefused, ResetReason.ConnectTimeout, ResetReason.HostUnreachable, ResetReason.NetworkUnreachable,
    ];

    private async Task<Task<ConnectResult>?> FirstAsync(List<Task<ConnectResult>> running, bool mayWait, CancellationToken deadline)
    {
        Task<Task<ConnectResult>> first = Task.WhenAny(running);
        if (mayWait)
        {
            return await first;
        }

        Task delay = Task.Delay(AttemptDelay, Time, deadline);
        return await Task.WhenAny(first, delay) == first ? await first : null;
    }

    private static async Task AbandonAsync(Task<ConnectResult> loser)
    {
        ConnectResult result = await loser;
        if (result.Socket is { } socket)
        {
            await socket.Channel.EventLoop.SwitchTo();
            socket.Abort();
        }
    }

    private async Task<ConnectResult> AttemptAsync(IPEndPoint address, IEventLoop loop, CancellationToken cancellation)
    {
        try
        {
            IStreamSocket socket = await transport.ConnectAsync(address, loop, cancellation);
            if (!address.Equals(socket.Channel.LocalAddress))
            {
                return ConnectResult.Connected(socket);
            }

            // TCP's simultaneous open: with no listener, an ephemeral port can connect to itself.
            await loop.SwitchTo();
            socket.Abort();
            return ConnectResult.Failed(ResetReason.ConnectionRefused);
        }
        catch (OperationCanceledException)
        {
            return ConnectResult.Failed(ResetReason.ConnectTimeout);
        }
        catch (SocketException e)
        {
            return ConnectResult.Failed(e.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => ResetReason.ConnectionRefused,
                SocketError.TimedOut => ResetReason.ConnectTimeout,
                SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.AddressFamilyNotSupported => ResetReason.NetworkUnreachable,
                SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable => ResetReason.LimitExceeded,
                _ => ResetReason.HostUnreachable,
            });
        }
    }
}
