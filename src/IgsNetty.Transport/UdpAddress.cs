using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace IgsNetty.Transport;

/// <summary>
/// An IP address and a port as a value: what <see cref="IPEndPoint"/> says without an object for each datagram. An
/// IPv4-mapped IPv6 address and the IPv4 address in it are the same value. The default value means "not told".
/// </summary>
public readonly record struct UdpAddress
{
    private const ulong MappedPrefix = 0xFFFF; // ::ffff:0:0/96

    private readonly ulong _high;
    private readonly ulong _low;

    private UdpAddress(ulong high, ulong low, uint scope, int port)
    {
        _high = high;
        _low = low;
        Port = (ushort)port;
        Scope = IsIPv4 ? 0 : scope;
    }

    /// <summary>The port.</summary>
    public ushort Port { get; }

    /// <summary>The zone of a link-local IPv6 address on this machine, else 0.</summary>
    public uint Scope { get; }

    /// <summary>Is it an IPv4 address?</summary>
    public bool IsIPv4 => _high == 0 && _low >> 32 == MappedPrefix;

    /// <summary>False for the default value.</summary>
    public bool IsTold => _high != 0 || _low != 0 || Port != 0;

    /// <param name="octets">4 bytes of an IPv4 or 16 of an IPv6 address.</param>
    /// <param name="port">0 to 65535.</param>
    /// <param name="scope">See <see cref="Scope"/>.</param>
    public static UdpAddress FromOctets(ReadOnlySpan<byte> octets, int port, uint scope = 0) => octets.Length switch
    {
        4 => new UdpAddress(0, (MappedPrefix << 32) | BinaryPrimitives.ReadUInt32BigEndian(octets), 0, port),
        16 => new UdpAddress(BinaryPrimitives.ReadUInt64BigEndian(octets), BinaryPrimitives.ReadUInt64BigEndian(octets[8..]), scope, port),
        _ => throw new ArgumentException("an address has 4 or 16 bytes", nameof(octets)),
    };

    public static UdpAddress FromIP(IPAddress address, int port)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> octets = stackalloc byte[16];
        address.TryWriteBytes(octets, out int count);
        return FromOctets(octets[..count], port, count == 16 ? (uint)address.ScopeId : 0);
    }

    public static UdpAddress FromEndPoint(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return FromIP(endPoint.Address, endPoint.Port);
    }

    /// <summary>The same IP address with another port; with 0, the key for "any port of this address".</summary>
    public UdpAddress WithPort(int port) => new(_high, _low, Scope, port);

    /// <summary>Writes the address, 4 bytes for IPv4 and 16 for IPv6.</summary>
    /// <returns>The bytes written.</returns>
    public int WriteOctets(Span<byte> destination)
    {
        if (IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)_low);
            return 4;
        }

        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _low);
        return 16;
    }

    public IPAddress ToIPAddress()
    {
        Span<byte> octets = stackalloc byte[16];
        int count = WriteOctets(octets);
        return count == 4 ? new IPAddress(octets[..4]) : new IPAddress(octets, Scope);
    }

    public IPEndPoint ToEndPoint() => new(ToIPAddress(), Port);

    /// <summary>Hash of all of it, seeded: a sender that chooses its addresses cannot choose its place in a table.</summary>
    public override int GetHashCode() => HashCode.Combine(_high, _low, Port, Scope);

    /// <inheritdoc/>
    public override string ToString() => ToEndPoint().ToString();

    /// <summary>Reads what the kernel wrote (sockaddr_in or sockaddr_in6).</summary>
    internal static UdpAddress Read(SocketAddress from)
    {
        ReadOnlySpan<byte> bytes = from.Buffer.Span;
        int port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return from.Family == AddressFamily.InterNetwork
            ? FromOctets(bytes.Slice(4, 4), port)
            : FromOctets(bytes.Slice(8, 16), port, BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]));
    }

    /// <summary>Writes it for the kernel. A sockaddr_in6 takes an IPv4 address in its mapped form; a sockaddr_in no IPv6 address.</summary>
    /// <returns>False when the address is not of the family.</returns>
    internal bool TryWrite(SocketAddress to)
    {
        Span<byte> bytes = to.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], Port);
        if (to.Family == AddressFamily.InterNetwork)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], (uint)_low);
            return IsIPv4;
        }

        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], _low);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[24..], Scope);
        return true;
    }
}
