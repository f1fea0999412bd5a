using System.Buffers.Binary;
using System.Text;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;
using IgsNetty.Transport;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>The header in front of every datagram of an association (RFC 1928 §7). Pure.</summary>
internal static class Socks5Datagram
{
    /// <summary>The longest header that <see cref="WriteHeader"/> makes, in bytes.</summary>
    public const int MaxHeader = 4 + 1 + TargetAddress.MaxHostBytes + 2;

    private const byte IPv4 = 1;
    private const byte HostName = 3;
    private const byte IPv6 = 4;

    /// <param name="datagram">As it came.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="header">Bytes of the header.</param>
    /// <returns>False for what is not one, is a fragment, or has no target that can be.</returns>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out FlowAddress target, out int header)
    {
        target = default;
        header = 0;
        if (datagram.Length < 5 || datagram[2] != 0)
        {
            return false;
        }

        int size = datagram[3] switch
        {
            IPv4 => 4,
            IPv6 => 16,
            HostName => datagram[4],
            _ => 0,
        };
        int start = datagram[3] == HostName ? 5 : 4;
        header = start + size + 2;
        if (size == 0 || datagram.Length < header)
        {
            return false;
        }

        int port = BinaryPrimitives.ReadUInt16BigEndian(datagram[(start + size)..]);
        if (datagram[3] != HostName)
        {
            target = new FlowAddress(UdpAddress.FromOctets(datagram.Slice(start, size), port), null);
            return port > 0;
        }

        bool good = TargetAddress.TryCreate(Encoding.Latin1.GetString(datagram.Slice(start, size)), port, out TargetAddress name, out _);
        target = good ? FlowAddress.From(name) : default;
        return good;
    }

    /// <returns>The port that it goes to; 0 when it has no good header.</returns>
    public static int TargetPort(ReadOnlySpan<byte> datagram) =>
        TryRead(datagram, out FlowAddress target, out _) ? target.Name?.Port ?? target.Ip.Port : 0;

    /// <summary>Writes the header of a reply.</summary>
    /// <returns>Its bytes.</returns>
    public static int WriteHeader(Span<byte> destination, in FlowAddress source)
    {
        destination[..4].Clear();
        int size;
        if (source.Name is { } name)
        {
            destination[3] = HostName;
            size = 5 + Encoding.ASCII.GetBytes(name.Host!, destination[5..]);
            destination[4] = (byte)(size - 5);
            BinaryPrimitives.WriteUInt16BigEndian(destination[size..], (ushort)name.Port);
        }
        else
        {
            size = 4 + source.Ip.WriteOctets(destination[4..]);
            destination[3] = size == 8 ? IPv4 : IPv6;
            BinaryPrimitives.WriteUInt16BigEndian(destination[size..], source.Ip.Port);
        }

        return size + 2;
    }
}
