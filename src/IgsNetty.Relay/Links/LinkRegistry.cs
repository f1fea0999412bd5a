using System.Collections.Concurrent;
using System.Collections.Immutable;
using DotNetty.Transport.Channels;

namespace IgsNetty.Relay.Links;

/// <summary>
/// The links that take new streams, by peer: the one object that loops share. Thread-safe; readers take no lock.
/// </summary>
/// <param name="opensPerSecondPerPeer">See <see cref="RelayLimits.OpensPerSecondPerPeer"/>.</param>
public sealed class LinkRegistry(int opensPerSecondPerPeer)
{
    private readonly Lock _lock = new();
    private const int MostIdlePeers = 1024; // with a key that many share, a name costs nothing

    private readonly ConcurrentDictionary<string, PeerUse> _peers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<TaskCompletionSource>> _waiters = new(StringComparer.Ordinal);
    private ImmutableDictionary<string, ImmutableArray<Link>> _links = ImmutableDictionary.Create<string, ImmutableArray<Link>>(StringComparer.Ordinal);

    /// <summary>The peers that have a healthy link now.</summary>
    public IEnumerable<string> Peers => Volatile.Read(ref _links).Keys;

    /// <summary>All links that take new streams now.</summary>
    public IReadOnlyList<Link> Links => [.. Volatile.Read(ref _links).Values.SelectMany(links => links)];

    /// <summary>
    /// The healthy link to the peer with the fewest streams: among those on the preferred loop if it has any, else among
    /// all. With several gateways of one name, calls spread over them.
    /// </summary>
    public Link? Find(string peer, IEventLoop? preferred) =>
        Least(peer, preferred, static (link, loop) => link.StreamCount + (loop is null || link.Loop.Loop == loop ? 0 : 1L << 40));

    /// <summary>
    /// The healthy link to the peer with the fewest streams, on the given loop if it has one of those: for UDP flows, which all
    /// come in on one loop and must spread over the links nevertheless.
    /// </summary>
    public Link? FindEvenly(string peer, IEventLoop near) =>
        Least(peer, near, static (link, loop) => (2L * link.StreamCount) + (link.Loop.Loop == loop ? 0 : 1));

    /// <summary>Completes when the peer has a healthy link: at once, or when one comes up.</summary>
    public async Task WaitAsync(string peer, TimeSpan limit)
    {
        TaskCompletionSource arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_links.ContainsKey(peer))
            {
                return;
            }

            if (!_waiters.TryGetValue(peer, out List<TaskCompletionSource>? waiting))
            {
                _waiters.Add(peer, waiting = []);
            }

            waiting.Add(arrival);
        }

        try
        {
            await arrival.Task.WaitAsync(limit).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            lock (_lock)
            {
                if (_waiters.TryGetValue(peer, out List<TaskCompletionSource>? waiting))
                {
                    waiting.Remove(arrival);
                }
            }
        }
    }

    /// <summary>What the peer uses; the same for all its links.</summary>
    internal PeerUse UseOf(string peer)
    {
        if (!_peers.ContainsKey(peer) && _peers.Count >= MostIdlePeers)
        {
            foreach ((string idle, PeerUse _) in _peers.Where(one => one.Value.IsIdle))
            {
                _peers.TryRemove(idle, out _);
            }
        }

        return _peers.GetOrAdd(peer, static (_, n) => new PeerUse(n), opensPerSecondPerPeer);
    }

    internal void Add(Link link)
    {
        List<TaskCompletionSource>? waiting;
        lock (_lock)
        {
            ImmutableArray<Link> links = _links.GetValueOrDefault(link.Peer, []);
            Volatile.Write(ref _links, _links.SetItem(link.Peer, links.Add(link)));
            _waiters.Remove(link.Peer, out waiting);
        }

        foreach (TaskCompletionSource arrival in waiting ?? [])
        {
            arrival.TrySetResult();
        }
    }

    internal void Remove(Link link)
    {
        lock (_lock)
        {
            if (_links.TryGetValue(link.Peer, out ImmutableArray<Link> links))
            {
                links = links.Remove(link);
                Volatile.Write(ref _links, links.IsEmpty ? _links.Remove(link.Peer) : _links.SetItem(link.Peer, links));
            }
        }
    }

    // Asked for every datagram that awaits no reply: makes no object.
    private Link? Least(string peer, IEventLoop? loop, Func<Link, IEventLoop?, long> rank)
    {
        if (!Volatile.Read(ref _links).TryGetValue(peer, out ImmutableArray<Link> links))
        {
            return null;
        }

        Link? best = null;
        long least = long.MaxValue;
        foreach (Link link in links)
        {
            long own = rank(link, loop);
            if (own < least)
            {
                (best, least) = (link, own);
            }
        }

        return best;
    }
}
