using System.Collections.Frozen;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace IgsNetty.Relay.Routing;

/// <summary>
/// The addresses of this machine and the broadcast addresses of its networks. They change while it runs, so they are read
/// again when what is known is older than ten seconds, in the background. Thread-safe.
/// </summary>
/// <param name="read">Every address of this machine with the bits of its network's prefix; null: the system's.</param>
public sealed class LocalNetworks(Func<IEnumerable<(IPAddress Address, int Prefix)>>? read = null)
{
    private const long Fresh = 10_000;

    private readonly Func<IEnumerable<(IPAddress Address, int Prefix)>> _read = read ?? ReadSystem;
    private readonly Lock _lock = new();
    private Task<Snapshot>? _reading;
    private Snapshot? _known;

    /// <summary>Begins to read them, so that the first to ask need not wait.</summary>
    public void ReadAhead() => _ = ReadAsync();

    internal bool IsOwn(IPAddress address) => Known.Own.Contains(address);

    internal bool IsBroadcast(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork && Known.Broadcasts.Contains(address);

    // Who asks before anything is known waits for the first answer: a few milliseconds.
    private Snapshot Known
    {
        get
        {
            if (Volatile.Read(ref _known) is { } known)
            {
                if (Environment.TickCount64 - known.ReadAt > Fresh)
                {
                    _ = ReadAsync();
                }

                return known;
            }

            return ReadAsync().GetAwaiter().GetResult();
        }
    }

    private Task<Snapshot> ReadAsync()
    {
        lock (_lock)
        {
            return _reading ??= Task.Run(() =>
            {
                Snapshot found = Snapshot.Of(_read());
                lock (_lock)
                {
                    Volatile.Write(ref _known, found);
                    _reading = null;
                }

                return found;
            });
        }
    }

    private static IEnumerable<(IPAddress Address, int Prefix)> ReadSystem()
    {
        try
        {
            return
            [
                .. NetworkInterface.GetAllNetworkInterfaces()
                    .SelectMany(adapter => adapter.GetIPProperties().UnicastAddresses)
                    .Select(unicast => (Protocol.Values.TargetAddress.Canonical(unicast.Address), unicast.PrefixLength)),
            ];
        }
        catch (NetworkInformationException)
        {
            return []; // a system that does not tell; loopback is known without it
        }
    }

    private sealed record Snapshot(FrozenSet<IPAddress> Own, FrozenSet<IPAddress> Broadcasts, long ReadAt)
    {
        private const int SmallestWithBroadcast = 30; // RFC 3021: a /31 has none

        public static Snapshot Of(IEnumerable<(IPAddress Address, int Prefix)> addresses)
        {
            (IPAddress Address, int Prefix)[] all = [.. addresses];
            return new Snapshot(
                all.Select(one => one.Address).ToFrozenSet(),
                all.Where(one => one.Address.AddressFamily == AddressFamily.InterNetwork && one.Prefix is > 0 and <= SmallestWithBroadcast)
                    .Select(one => BroadcastOf(one.Address, one.Prefix))
                    .ToFrozenSet(),
                Environment.TickCount64);
        }

        private static IPAddress BroadcastOf(IPAddress address, int prefix)
        {
            byte[] octets = address.GetAddressBytes();
            for (int bit = prefix; bit < octets.Length * 8; bit++)
            {
                octets[bit / 8] |= (byte)(0x80 >> (bit % 8));
            }

            return new IPAddress(octets);
        }
    }
}
