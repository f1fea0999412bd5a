using System.Diagnostics.CodeAnalysis;
using System.Net;
using IgsNetty.Relay.Targets;
using IgsNetty.Transport;

namespace IgsNetty.Relay.Datagrams;

/// <summary>
/// Host names that datagrams are sent to: resolved once a minute, not once a datagram. While a name is resolved for the
/// first time its datagrams wait, as far as there is room. Loop only.
/// </summary>
internal sealed class NameCache(RelayLoop loop, DatagramContext context)
{
    private const int MostNames = 4096;
    private const int MostWaitingBytes = 4 * 1024 * 1024; // an origin that is alone gets a quarter
    private const int WaitingOverhead = 256; // a datagram may be empty, what holds it is not
    private const long FreshMilliseconds = 60_000;
    private const long FailedMilliseconds = 5_000;
    private const int FailuresToForget = 12; // a minute of no answers; until then the last good one is used

    /// <summary>How long addresses of the other family may come later than the first ones.</summary>
    private static readonly TimeSpan LateLimit = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Entry> _names = new(StringComparer.Ordinal);
    private readonly FairShares _waiting = new(MostWaitingBytes, MostWaitingBytes / 2);

    /// <summary>What is known of the name; empty when it does not exist. An old answer is used while a new one is fetched.</summary>
    public bool TryGet(string host, in CallOrigin origin, [MaybeNullWhen(false)] out IReadOnlyList<IPAddress> addresses)
    {
        addresses = null;
        if (!_names.TryGetValue(host, out Entry? entry) || entry.Addresses is null)
        {
            return false;
        }

        addresses = entry.Addresses;
        if (entry.FreshUntil < loop.Clock() && entry.Asking.Count == 0)
        {
            _ = ResolveAsync(host, entry, origin);
        }

        return true;
    }

    /// <summary>Calls back once when an unknown name is known.</summary>
    /// <param name="host">The name.</param>
    /// <param name="origin">Who waits: it has a share of the room, and its own turn for the look-up.</param>
    /// <param name="bytes">How much the callback holds.</param>
    /// <param name="then">Gets the addresses; none when there are none.</param>
    /// <returns>False when too much waits already: the callback is not kept.</returns>
    public bool TryWait(string host, CallOrigin origin, int bytes, Action<IReadOnlyList<IPAddress>> then)
    {
        bytes += WaitingOverhead;
        if (!_waiting.TryTake(origin, bytes))
        {
            return false;
        }

        if (!_names.TryGetValue(host, out Entry? entry))
        {
            MakeRoom();
            entry = new Entry();
            _names.Add(host, entry);
        }

        entry.Waiting.Add((origin, bytes, then));
        if (!entry.Asking.Contains(origin))
        {
            // Last: some names are known at once, and then it calls back from here. Each origin asks for itself: the look-up of
            // another one may be behind many in its queue.
            _ = ResolveAsync(host, entry, origin);
        }

        return true;
    }

    private async Task ResolveAsync(string host, Entry entry, CallOrigin origin)
    {
        entry.Asking.Add(origin);
        NameAnswer answer = NameAnswer.Without(NameStatus.Failed);
        using CancellationTokenSource deadline = new(context.ResolveLimit);
        try
        {
            answer = await context.Resolver.ResolveAsync(host, origin, deadline.Token).WaitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // No answer, whatever the reason, is as good as none: the resolver must not hold a place for ever.
        }

        await loop.Loop.SwitchTo();
        entry.Asking.Remove(origin);
        if (answer.Addresses.Count > 0 || entry.Asking.Count == 0)
        {
            Complete(host, entry, answer);
        }

        if (answer.Late is { } late)
        {
            deadline.CancelAfter(LateLimit);
            IReadOnlyList<IPAddress> more = await late.ConfigureAwait(false);
            await loop.Loop.SwitchTo();
            if (ReferenceEquals(entry.Addresses, answer.Addresses))
            {
                entry.Addresses = [.. answer.Addresses, .. more];
            }
        }
    }

    private void Complete(string host, Entry entry, NameAnswer answer)
    {
        IReadOnlyList<IPAddress> found = answer.Addresses;
        bool isKept = found.Count == 0 && entry.Addresses is { Count: > 0 } && ++entry.Failures < FailuresToForget;
        if (!isKept)
        {
            entry.Addresses = found;
            entry.Failures = 0;
        }

        entry.FreshUntil = loop.Clock() + (found.Count > 0 ? FreshMilliseconds : FailedMilliseconds);
        if (answer.Status == NameStatus.Busy && !isKept)
        {
            _names.Remove(host); // nothing is known of it: the next datagram asks again
        }

        (CallOrigin Origin, int Bytes, Action<IReadOnlyList<IPAddress>> Then)[] waiting = [.. entry.Waiting];
        entry.Waiting.Clear();
        foreach ((CallOrigin origin, int bytes, Action<IReadOnlyList<IPAddress>> then) in waiting)
        {
            _waiting.Return(origin, bytes);
            then(found);
        }
    }

    private void MakeRoom()
    {
        if (_names.Count >= MostNames)
        {
            foreach (string host in _names.Where(name => name.Value.Asking.Count == 0).Select(name => name.Key).ToArray())
            {
                _names.Remove(host);
            }
        }
    }

    private sealed class Entry
    {
        public IReadOnlyList<IPAddress>? Addresses { get; set; }

        public long FreshUntil { get; set; }

        public int Failures { get; set; }

        /// <summary>Origins whose look-up of this name is under way.</summary>
        public HashSet<CallOrigin> Asking { get; } = [];

        public List<(CallOrigin Origin, int Bytes, Action<IReadOnlyList<IPAddress>> Then)> Waiting { get; } = [];
    }
}
