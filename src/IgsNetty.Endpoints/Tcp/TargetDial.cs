using System.Net;
using System.Net.Sockets;
using DotNetty.Transport.Channels;
using IgsNetty.Protocol.Values;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Tcp;

/// <summary>
/// Connects to the first of several addresses that answers (RFC 8305 §5): the next one is tried 250 ms after the last, or as soon
/// as one has failed. The first connection wins. One dial a target.
/// </summary>
/// <param name="transport">Where sockets come from.</param>
/// <param name="loop">Where the socket is to live.</param>
/// <param name="time">The clock between attempts.</param>
internal sealed class TargetDial(ITransport transport, IEventLoop loop, TimeProvider time)
{
    /// <summary>The most addresses of a name that are tried.</summary>
    public const int MaxAttempts = 8;

    /// <summary>How long an attempt is alone before the next address is tried (RFC 8305 §5).</summary>
    private static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>How long late addresses are waited for when all others have failed.</summary>
    private static readonly TimeSpan LateDelay = TimeSpan.FromMilliseconds(500);

    private readonly List<Task<DialResult>> _running = [];
    private readonly Queue<IPEndPoint> _next = new();
    private Task<IReadOnlyList<IPEndPoint>>? _late;
    private DialResult _failure = DialResult.Failed(ResetReason.ConnectTimeout);
    private int _worst = int.MaxValue;
    private bool _isTime = true; // for the next attempt

    /// <summary>Connections that were begun.</summary>
    public int Attempts { get; private set; }

    /// <summary>When several addresses fail in several ways, the caller hears the reason that says most.</summary>
    private static ResetReason[] MostTelling { get; } =
    [
        ResetReason.ConnectionRefused, ResetReason.ConnectTimeout, ResetReason.HostUnreachable, ResetReason.NetworkUnreachable,
    ];

    /// <summary>Connects.</summary>
    /// <param name="addresses">In the order in which they are tried.</param>
    /// <param name="late">More addresses that are tried when they come; null: none. Does not fail.</param>
    /// <param name="deadline">Gives up; what was not connected is closed.</param>
    /// <returns>Does not throw.</returns>
    public async Task<DialResult> RunAsync(IReadOnlyList<IPEndPoint> addresses, Task<IReadOnlyList<IPEndPoint>>? late, CancellationToken deadline)
    {
        if (addresses.Count == 1 && late is null)
        {
            return await AttemptAsync(addresses[0], deadline);
        }

        using CancellationTokenSource losers = CancellationTokenSource.CreateLinkedTokenSource(deadline);
        _late = late;
        Add(addresses);
        while (CanTryNext || _running.Count > 0 || _late is not null)
        {
            if (CanTryNext && _isTime)
            {
                _isTime = false;
                _running.Add(AttemptAsync(_next.Dequeue(), losers.Token));
            }

            if (await FirstAsync(deadline) is not { } finished)
            {
                continue;
            }

            _running.Remove(finished);
            DialResult result = await finished;
            if (result.Socket is not null)
            {
                losers.Cancel();
                _running.ForEach(loser => _ = AbandonAsync(loser));
                return result;
            }

            _isTime = true;
            Note(result);
        }

        return _failure;
    }

    private bool CanTryNext => _next.Count > 0 && Attempts < MaxAttempts;

    private void Add(IReadOnlyList<IPEndPoint> addresses)
    {
        foreach (IPEndPoint address in addresses)
        {
            _next.Enqueue(address);
        }
    }

    private void Note(DialResult failure)
    {
        if (Array.IndexOf(MostTelling, failure.Reason) is int rank && rank < _worst)
        {
            _worst = rank;
            _failure = failure;
        }
    }

    // An attempt that has ended, or null: it is time for the next one, more addresses have come, or none will.
    private async Task<Task<DialResult>?> FirstAsync(CancellationToken deadline)
    {
        List<Task> events = [.. _running];
        if (_late is not null)
        {
            events.Add(_late);
        }

        if (CanTryNext || _running.Count == 0)
        {
            events.Add(Task.Delay(CanTryNext ? AttemptDelay : LateDelay, time, deadline));
        }

        await Task.WhenAny(events);
        if (_running.Find(attempt => attempt.IsCompleted) is { } finished)
        {
            return finished;
        }

        if (deadline.IsCancellationRequested)
        {
            _next.Clear();
            _late = null;
        }
        else if (_late is { IsCompleted: true })
        {
            Add(await _late);
            _late = null;
            _isTime |= _running.Count == 0;
        }
        else if (CanTryNext)
        {
            _isTime = true;
        }
        else
        {
            _late = null;
        }

        return null;
    }

    private static async Task AbandonAsync(Task<DialResult> loser)
    {
        DialResult result = await loser;
        if (result.Socket is { } socket)
        {
            await socket.Channel.EventLoop.SwitchTo();
            socket.Abort();
        }
    }

    private async Task<DialResult> AttemptAsync(IPEndPoint address, CancellationToken cancellation)
    {
        Attempts++;
        try
        {
            IStreamSocket socket = await transport.ConnectAsync(address, loop, cancellation);
            if (!address.Equals(socket.Channel.LocalAddress))
            {
                return new DialResult(socket, default, null);
            }

            // TCP's simultaneous open: with no listener, an ephemeral port can connect to itself.
            await loop.SwitchTo();
            socket.Abort();
            return new DialResult(null, ResetReason.ConnectionRefused, new SocketException((int)SocketError.ConnectionRefused));
        }
        catch (OperationCanceledException)
        {
            return DialResult.Failed(ResetReason.ConnectTimeout);
        }
        catch (SocketException e)
        {
            return new DialResult(null, Reason(e.SocketErrorCode), e);
        }
    }

    private static ResetReason Reason(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => ResetReason.ConnectionRefused,
        SocketError.TimedOut => ResetReason.ConnectTimeout,
        SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.AddressFamilyNotSupported => ResetReason.NetworkUnreachable,
        SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable => ResetReason.LimitExceeded,
        _ => ResetReason.HostUnreachable,
    };
}
