using System.Diagnostics.CodeAnalysis;
using System.Net;
using IgsNetty.Protocol.Values;
using IgsNetty.Transport;

namespace IgsNetty.Relay.Datagrams;

/// <summary>
/// Host names that datagrams are sent to: resolved once a minute, not once a datagram. While a name is resolved for the
/// first time its datagrams wait, as far as there is room. Loop only.
/// </summary>
internal sealed class NameCache(RelayLoop loop, DatagramContext context)
{
    private const int MostNames = 4096;
    private const int MostUnderWay = 16; // each may hold a thread of the pool for seconds
    private const int MostWaitingBytes = 1024 * 1024;
    private const int WaitingOverhead = 256; // a datagram may be empty, what holds it is not
    private const long FreshMilliseconds = 60_000;
    private const long FailedMilliseconds = 5_000;
    private const int FailuresToForget = 12; // a minute of no answers; until then the last good one is used

    private readonly Dictionary<string, Entry> _names = new(StringComparer.Ordinal);
    private int _underWay;
    private int _waitingBytes;

    /// <summary>What is known of the name; empty when it does not exist. An old answer is used while a new one is fetched.</summary>
    public bool TryGet(string host, [MaybeNullWhen(false)] out IPAddress[] addresses)
    {
        addresses = null;
        if (!_names.TryGetValue(host, out Entry? entry) || entry.Addresses is null)
        {
            return false;
        }

        addresses = entry.Addresses;
        if (entry.FreshUntil < loop.Clock() && !entry.IsUnderWay && _underWay < MostUnderWay)
        {
            _ = ResolveAsync(host, entry);
        }

        return true;
    }

    /// <summary>Calls back once when an unknown name is known.</summary>
    /// <param name="host">The name.</param>
    /// <param name="bytes">How much the callback holds.</param>
    /// <param name="then">Gets the addresses; none when there are none.</param>
    /// <returns>False when too much waits already: the callback is not kept.</returns>
    public bool TryWait(string host, int bytes, Action<IPAddress[]> then)
    {
        bytes += WaitingOverhead;
        if (_waitingBytes + bytes > MostWaitingBytes)
        {
            return false;
        }

        bool isKnown = _names.TryGetValue(host, out Entry? entry);
        if (!isKnown)
        {
            if (_underWay >= MostUnderWay)
            {
                return false;
            }

            MakeRoom();
            entry = new Entry();
            _names.Add(host, entry);
        }

        _waitingBytes += bytes;
        entry!.Waiting.Add((bytes, then));
        if (!isKnown)
        {
            _ = ResolveAsync(host, entry); // last: some names are known at once, and then it calls back from here
        }

        return true;
    }

    private async Task ResolveAsync(string host, Entry entry)
    {
        entry.IsUnderWay = true;
        _underWay++;
        IPAddress[] found = [];
        try
        {
            using CancellationTokenSource deadline = new(context.ResolveLimit);
            IPAddress[] all = await context.Resolver(host, deadline.Token).WaitAsync(deadline.Token).ConfigureAwait(false);
            found = [.. all.Select(TargetAddress.Canonical).Distinct()];
        }
        catch (Exception)
        {
            // No answer, whatever the reason, is as good as none: the resolver must not hold a place for ever.
        }

        await loop.Loop.SwitchTo();
        _underWay--;
        entry.IsUnderWay = false;
        bool isKept = found.Length == 0 && entry.Addresses is { Length: > 0 } && ++entry.Failures < FailuresToForget;
        if (!isKept)
        {
            entry.Addresses = found;
            entry.Failures = 0;
        }

        entry.FreshUntil = loop.Clock() + (found.Length > 0 ? FreshMilliseconds : FailedMilliseconds);
        (int Bytes, Action<IPAddress[]> Then)[] waiting = [.. entry.Waiting];
        entry.Waiting.Clear();
        foreach ((int bytes, Action<IPAddress[]> then) in waiting)
        {
            _waitingBytes -= bytes;
            then(found);
        }
    }

    private void MakeRoom()
    {
        if (_names.Count >= MostNames)
        {
            foreach (string host in _names.Where(name => !name.Value.IsUnderWay).Select(name => name.Key).ToArray())
            {
                _names.Remove(host);
            }
        }
    }

    private sealed class Entry
    {
        public IPAddress[]? Addresses { get; set; }

        public long FreshUntil { get; set; }

        public int Failures { get; set; }

        public bool IsUnderWay { get; set; }

        public List<(int Bytes, Action<IPAddress[]> Then)> Waiting { get; } = [];
    }
}
