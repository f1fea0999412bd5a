using System.Net;
using IgsNetty.Relay.Targets;

namespace IgsNetty.Endpoints.Names;

/// <summary>
/// Resolves names: first by the hosts file, then by its source. Look-ups under way are bounded and shared fairly between origins
/// (<see cref="FairShares"/>); those of one name at a time are one. Thread-safe.
/// </summary>
internal sealed class NameResolver : INameResolver
{
    private static readonly IPAddress[] Loopback = [IPAddress.IPv6Loopback, IPAddress.Loopback];

    private readonly Func<ValueTask<HostsFile>> _hosts;
    private readonly Func<string, ValueTask<INameSource>> _source;
    private readonly TimeProvider _time;
    private readonly LookupTurns _turns;
    private readonly Dictionary<string, NameLookup> _underWay = new(StringComparer.Ordinal); // also the lock

    /// <param name="hosts">The hosts file as it is now.</param>
    /// <param name="source">Whom to ask for a name now.</param>
    /// <param name="places">Look-ups under way at a time.</param>
    /// <param name="time">The clock.</param>
    public NameResolver(Func<ValueTask<HostsFile>> hosts, Func<string, ValueTask<INameSource>> source, int places, TimeProvider time)
    {
        _hosts = hosts;
        _source = source;
        _time = time;
        _turns = new LookupTurns(places);
    }

    /// <summary>Look-ups under way; for tests.</summary>
    internal int UnderWay
    {
        get
        {
            lock (_underWay)
            {
                return _underWay.Count;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<NameAnswer> ResolveAsync(string host, CallOrigin origin, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        HostsFile hosts = await _hosts().ConfigureAwait(false);
        if ((hosts.Find(host) ?? Reserved(host)) is { } known)
        {
            return NameAnswer.Found(AddressOrder.Arrange(known));
        }

        NameLookup? lookup = TryJoin(host);
        if (lookup is null)
        {
            INameSource source = await _source(host).ConfigureAwait(false);
            if (!await _turns.EnterAsync(origin, cancellation).ConfigureAwait(false))
            {
                return NameAnswer.Without(NameStatus.Busy);
            }

            lookup = Begin(host, origin, source);
        }

        CancellationTokenRegistration registration = cancellation.UnsafeRegister(_ => Leave(host, lookup), null);
        _ = lookup.Ended.ContinueWith(_ => registration.Unregister(), TaskScheduler.Default);
        return await lookup.Answer.WaitAsync(cancellation).ConfigureAwait(false);
    }

    // RFC 6761 §6.3: these never go to a name server.
    private static IPAddress[]? Reserved(string host) =>
        host == "localhost" || host.EndsWith(".localhost", StringComparison.Ordinal) ? Loopback : null;

    private NameLookup? TryJoin(string host)
    {
        lock (_underWay)
        {
            if (!_underWay.TryGetValue(host, out NameLookup? lookup))
            {
                return null;
            }

            lookup.Interested++;
            return lookup;
        }
    }

    // The caller has a turn.
    private NameLookup Begin(string host, CallOrigin origin, INameSource source)
    {
        NameLookup begun = new();
        NameLookup? other;
        lock (_underWay)
        {
            if (_underWay.TryGetValue(host, out other))
            {
                other.Interested++;
            }
            else
            {
                _underWay.Add(host, begun);
            }
        }

        if (other is not null)
        {
            _turns.Leave(origin);
            return other;
        }

        _ = RunAsync(begun, source, host, origin);
        return begun;
    }

    private async Task RunAsync(NameLookup lookup, INameSource source, string host, CallOrigin origin)
    {
        await lookup.RunAsync(source, host, _time).ConfigureAwait(false);
        Remove(host, lookup);
        _turns.Leave(origin);
    }

    private void Leave(string host, NameLookup lookup)
    {
        bool isLast;
        lock (_underWay)
        {
            isLast = --lookup.Interested == 0;
            if (isLast)
            {
                RemoveLocked(host, lookup);
            }
        }

        if (isLast)
        {
            lookup.Stop();
        }
    }

    private void Remove(string host, NameLookup lookup)
    {
        lock (_underWay)
        {
            RemoveLocked(host, lookup);
        }
    }

    private void RemoveLocked(string host, NameLookup lookup)
    {
        if (_underWay.GetValueOrDefault(host) == lookup)
        {
            _underWay.Remove(host);
        }
    }
}
