using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using IgsNetty.Endpoints.Tcp;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay;
using IgsNetty.Relay.Links;
using IgsNetty.Relay.Pipeline;
using IgsNetty.Relay.Targets;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.LinkDialer;

/// <summary>Keeps the links of one <c>Links:Dial</c> entry up: dials, and dials again when one is lost or goes away.</summary>
public sealed class LinkDialerEndpoint
{
    /// <summary>With <c>Connections</c> 0 there is a link for each loop, up to this many.</summary>
    private const int MostAutomaticConnections = 16;

    /// <summary>A link that stood this long counts as a success, so the next wait is the shortest again.</summary>
    private static readonly TimeSpan Stable = TimeSpan.FromSeconds(5);

    private readonly EndpointContext _context;
    private readonly LinkDialOptions _options;
    private readonly ReconnectOptions _reconnect;
    private readonly CancellationTokenSource _stopped = new();

    private LinkDialerEndpoint(EndpointContext context, LinkDialOptions options, ReconnectOptions reconnect)
    {
        _context = context;
        _options = options;
        _reconnect = reconnect;
    }

    /// <summary>Starts dialling, in the background.</summary>
    public static LinkDialerEndpoint Start(EndpointContext context, LinkDialOptions options, ReconnectOptions reconnect)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        LinkDialerEndpoint endpoint = new(context, options, reconnect);
        int links = options.Connections > 0 ? options.Connections : Math.Min(context.Loops.Count, MostAutomaticConnections);
        for (int i = 0; i < links; i++)
        {
            _ = endpoint.KeepAsync(context.Loops[i % context.Loops.Count]);
        }

        return endpoint;
    }

    /// <summary>Dials no more. Links that stand are left alone.</summary>
    public void Stop() => _stopped.Cancel();

    /// <summary>The wait before the next attempt: drawn evenly from 0 to the ceiling (full jitter).</summary>
    /// <param name="options">The ceilings.</param>
    /// <param name="failures">Failures in a row before this one, from 0.</param>
    /// <param name="draw">0 to 1.</param>
    internal static TimeSpan Wait(ReconnectOptions options, int failures, double draw)
    {
        double ceiling = Math.Min(options.MaximumSeconds, options.InitialSeconds * Math.Pow(2, Math.Min(failures, 40)));
        return TimeSpan.FromSeconds(draw * ceiling);
    }

    private async Task KeepAsync(RelayLoop loop)
    {
        int failures = 0;
        while (!_stopped.IsCancellationRequested)
        {
            string error = "the link was lost";
            try
            {
                Link link = await DialAsync(loop).ConfigureAwait(false);
                long since = Stopwatch.GetTimestamp();
                await link.Retired.WaitAsync(_stopped.Token).ConfigureAwait(false);
                failures = Stopwatch.GetElapsedTime(since) > Stable ? 0 : failures;
            }
            catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
            {
                return;
            }
            catch (OperationCanceledException)
            {
                error = $"no answer within {_context.Limits.ConnectSeconds} s";
            }
            catch (Exception e) when (e is SocketException or LinkHandshakeException)
            {
                error = e.Message;
            }
            catch (Exception e)
            {
                EndpointLog.DialBroken(_context.Logger, e, _options.Peer);
                error = e.Message;
            }

            TimeSpan wait = Wait(_reconnect, failures++, Random.Shared.NextDouble());
            EndpointLog.DialFailed(_context.Logger, _options.Peer, _options.Address, error, wait.TotalSeconds);
            await Task.Delay(wait, _stopped.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Link> DialAsync(RelayLoop loop)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(_stopped.Token);
        deadline.CancelAfter(TimeSpan.FromSeconds(_context.Limits.ConnectSeconds));
        IStreamSocket socket = await ConnectAsync(loop, deadline).ConfigureAwait(false);
        await loop.Loop.SwitchTo();
        return await LinkPipeline.Handshake(socket, loop, _context.Links, _options.Peer).ConfigureAwait(false);
    }

    private async Task<IStreamSocket> ConnectAsync(RelayLoop loop, CancellationTokenSource deadline)
    {
        NameAnswer answer = _options.Address.Address is { } address
            ? NameAnswer.Found([address])
            : await _context.Names.ResolveAsync(_options.Address.Host!, CallOrigin.Gateway, deadline.Token).ConfigureAwait(false);
        if (answer.Status != NameStatus.Found)
        {
            throw new LinkHandshakeException(answer.Status == NameStatus.NotFound
                ? $"the name {_options.Address.Host} has no address"
                : $"no name server has answered for {_options.Address.Host}");
        }

        await loop.Loop.SwitchTo();
        DialResult result = await new TargetDial(_context.Transport, loop.Loop, TimeProvider.System)
            .RunAsync(EndPoints(answer.Addresses), answer.Late is null ? null : LateAsync(answer.Late), deadline.Token).ConfigureAwait(false);
        bool isLate = deadline.IsCancellationRequested;
        if (_options.Address.Host is not null)
        {
            await deadline.CancelAsync().ConfigureAwait(false); // addresses that come late are not needed any more
        }

        return result.Socket ?? throw (isLate ? new OperationCanceledException() : (Exception?)result.Error ?? new OperationCanceledException());
    }

    private IReadOnlyList<IPEndPoint> EndPoints(IReadOnlyList<IPAddress> addresses) =>
        [.. addresses.Select(address => new IPEndPoint(TargetAddress.Canonical(address), _options.Address.Port))];

    private async Task<IReadOnlyList<IPEndPoint>> LateAsync(Task<IReadOnlyList<IPAddress>> late) => EndPoints(await late.ConfigureAwait(false));
}
