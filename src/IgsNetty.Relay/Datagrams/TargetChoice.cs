using System.Net;
using IgsNetty.Transport;

namespace IgsNetty.Relay.Datagrams;

/// <summary>
/// The addresses of a host name that a flow sends to. Until one has answered, the next one is taken when the network says that a
/// datagram did not arrive, and when the sender sends again after a silence. No datagram is sent to two of them unless it is known
/// to be lost. Loop only.
/// </summary>
/// <param name="addresses">In the order in which they are tried.</param>
/// <param name="found">What the resolver gave: a new list is a new choice.</param>
internal sealed class TargetChoice(IReadOnlyList<UdpAddress> addresses, IReadOnlyList<IPAddress> found)
{
    /// <summary>How long an address may be silent, from the first datagram to it, before the next datagram goes to another, in milliseconds.</summary>
    public const long SilenceLimit = 1000;

    private int _current;
    private int _tried;
    private long _since;
    private int _sent; // to the current one
    private int _ignored; // reports that speak of earlier ones
    private byte[] _last = [];

    /// <summary>Where the next datagram goes.</summary>
    public UdpAddress Current => addresses[_current];

    /// <summary>What the resolver gave.</summary>
    public IReadOnlyList<IPAddress> Found => found;

    /// <summary>One has answered, or there is only one: it is kept.</summary>
    public bool IsSettled { get; private set; } = addresses.Count == 1;

    /// <summary>Keeps an address, if it is one of these.</summary>
    /// <returns>False when it is another one.</returns>
    public bool TrySettle(in UdpAddress address)
    {
        for (int i = 0; i < addresses.Count; i++)
        {
            if (addresses[i] == address)
            {
                _current = i;
                IsSettled = true;
                _last = [];
                return true;
            }
        }

        return false;
    }

    /// <summary>A datagram is about to be sent to <see cref="Current"/>, which another one may be by then.</summary>
    public void OnSend(ReadOnlySpan<byte> payload, long now)
    {
        if (IsSettled)
        {
            return;
        }

        if (_sent > 0 && now - _since >= SilenceLimit)
        {
            _ignored = 0; // reports of the one before are due long ago
            Advance();
        }

        _tried = 0;
        _since = _sent++ == 0 ? now : _since;
        _last = payload.ToArray();
    }

    /// <summary>The system cannot send to <see cref="Current"/>.</summary>
    /// <returns>True: another one is to be tried with the same datagram. False: all have been.</returns>
    public bool TryNext(long now)
    {
        Advance();
        bool isNext = ++_tried < addresses.Count;
        _since = now;
        _sent = isNext ? 1 : 0;
        return isNext;
    }

    /// <summary>The network says that datagrams did not arrive.</summary>
    /// <param name="reports">How many times it said so.</param>
    /// <param name="now">The time.</param>
    /// <param name="lost">The last one, to be sent to <see cref="Current"/>, which is another one now.</param>
    /// <returns>False when nothing is to be sent again.</returns>
    public bool TryNext(int reports, long now, out ReadOnlyMemory<byte> lost)
    {
        lost = _last;
        int old = Math.Min(reports, _ignored);
        _ignored -= old;
        if (reports == old || _sent == 0 || IsSettled)
        {
            return false;
        }

        int more = Math.Max(0, _sent - (reports - old));
        bool isNext = TryNext(now);
        _ignored += more;
        return isNext;
    }

    private void Advance()
    {
        _current = (_current + 1) % addresses.Count;
        _sent = 0;
    }
}
