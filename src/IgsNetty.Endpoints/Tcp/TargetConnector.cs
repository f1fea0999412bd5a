using System.Net;
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
/// <param name="names">Resolves names.</param>
/// <param name="limits">For the deadline.</param>
/// <param name="logger">For refusals and failures.</param>
public sealed class TargetConnector(ITransport transport, AccessPolicy access, INameResolver names, RelayLimits limits, ILogger logger) : ITargetConnector
{
    private readonly DistinctThrottle _throttle = new();

    /// <summary>The clock of the deadline and between attempts; for tests.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <inheritdoc/>
    public async Task<ConnectResult> ConnectAsync(TargetAddress target, CallOrigin origin, IEventLoop loop, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(target);
        using CancellationTokenSource clock = new(TimeSpan.FromSeconds(limits.ConnectSeconds), Time);
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation, clock.Token);
        TargetDial dial = new(transport, loop, Time);
        ResetReason reason;
        try
        {
            NameAnswer answer = target.Address is { } address
                ? NameAnswer.Found([address])
                : await names.ResolveAsync(target.Host!, origin, deadline.Token);
            IPEndPoint[] allowed = Allowed(target, origin.From, answer.Addresses);
            Task<IReadOnlyList<IPEndPoint>>? late = answer.Late is null ? null : LateAsync(target, origin.From, answer.Late);
            if (answer.Status != NameStatus.Found)
            {
                reason = answer.Status == NameStatus.Busy ? ResetReason.LimitExceeded : ResetReason.NameNotFound;
            }
            else
            {
                DialResult result = await dial.RunAsync(allowed, late, deadline.Token);
                if (result.Socket is { } socket)
                {
                    return ConnectResult.Connected(socket) with { Attempts = dial.Attempts };
                }

                if (dial.Attempts == 0 && !deadline.IsCancellationRequested)
                {
                    LogRefusal(target, origin.From, answer.Addresses[0]);
                    return ConnectResult.Failed(ResetReason.NotAllowed);
                }

                reason = result.Reason;
            }
        }
        catch (OperationCanceledException)
        {
            reason = ResetReason.ConnectTimeout;
        }
        finally
        {
            if (target.Host is not null)
            {
                deadline.Cancel(); // late addresses are not needed any more
            }
        }

        reason = cancellation.IsCancellationRequested ? ResetReason.Cancelled : reason;
        if (reason != ResetReason.Cancelled && _throttle.TryPass((origin.From, target, reason), out int more))
        {
            EndpointLog.TargetUnreachable(logger, target, origin.From, reason, more);
        }

        return ConnectResult.Failed(reason) with { Attempts = dial.Attempts };
    }

    private IPEndPoint[] Allowed(TargetAddress target, string caller, IReadOnlyList<IPAddress> addresses) =>
    [
        .. addresses
            .Where(address => access.Allows(caller, TransportProtocol.Tcp, target.Host, address, target.Port))
            .Select(address => new IPEndPoint(address, target.Port)),
    ];

    private async Task<IReadOnlyList<IPEndPoint>> LateAsync(TargetAddress target, string caller, Task<IReadOnlyList<IPAddress>> late) =>
        Allowed(target, caller, await late);

    private void LogRefusal(TargetAddress target, string caller, IPAddress address)
    {
        if (_throttle.TryPass((caller, target), out int more))
        {
            AccessDecision refusal = access.Check(caller, TransportProtocol.Tcp, target.Host, address, target.Port);
            string entry = refusal.MissingEntry(caller, TransportProtocol.Tcp, target.Host, address, target.Port);
            EndpointLog.NotAllowed(logger, caller, target, refusal.Why, entry, more);
        }
    }
}
