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
    /// <summary>Bytes of a sockaddr_in6, the larger one.</summary>
    internal const int LargestNative = 28;

    private const int SmallestNative = 16;
    private const ushort LinuxInet = 2;
    private const ushort LinuxInet6 = 10;
    private const ulong MappedPrefix = 0xFFFF; // ::ffff:0:0/96

    private readonly ulong _high;
    private readonly ulong _low;

    private UdpAddress(ulong high, ulong low, uint scope, int port, ushort local = 0)
    {
        _high = high;
        _low = low;
        Port = (ushort)port;
        Scope = IsIPv4 ? 0 : scope;
        Local = local;
    }

    /// <summary>The port.</summary>
    public ushort Port { get; }

    /// <summary>
    /// Of the source of a datagram: a number for the own address that it was sent to, which an answer is to come from. Part of
    /// its equality: who talks to two addresses of this machine has two conversations. 0: not told, as a rule because the
    /// socket is bound to one address.
    /// </summary>
    public ushort Local { get; }

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

    /// <summary>The same IP address with another port and no <see cref="Local"/>; with port 0, the key for "any port of this address".</summary>
    public UdpAddress WithPort(int port) => new(_high, _low, Scope, port);

    /// <summary>The same address and port, whatever own address it was sent to.</summary>
    public UdpAddress WithoutLocal() => WithLocal(0);

    /// <summary>Writes the address, 4 bytes for IPv4 and 16 for IPv6.</summary>
    /// <returns>The bytes written.</returns>
    public int WriteOctets(Span<byte> destination)
    {
        if (IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)_low);
            return 4;
        }

        WriteOctets6(destination);
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
    public override int GetHashCode() => HashCode.Combine(_high, _low, (Local << 16) | Port, Scope);

    /// <summary>Writes 16 bytes, an IPv4 address in its mapped form.</summary>
    internal void WriteOctets6(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _low);
    }

    /// <summary>All that takes part in its equality, so the number of <see cref="Local"/> too. A log uses <see cref="WithoutLocal"/>.</summary>
    public override string ToString() => Local == 0 ? ToEndPoint().ToString() : $"{ToEndPoint()} (own address {Local})";

    internal UdpAddress WithLocal(ushort local) => new(_high, _low, Scope, Port, local);

    /// <summary>Reads what the kernel wrote (sockaddr_in or sockaddr_in6).</summary>
    internal static UdpAddress Read(SocketAddress from) => Read(from.Buffer.Span, from.Family == AddressFamily.InterNetworkV6);

    /// <inheritdoc cref="Read(SocketAddress)"/>
    internal static UdpAddress Read(ReadOnlySpan<byte> native, bool isIPv6)
    {
        int port = BinaryPrimitives.ReadUInt16BigEndian(native[2..]);
        return isIPv6
            ? FromOctets(native.Slice(8, 16), port, BinaryPrimitives.ReadUInt32LittleEndian(native[24..]))
            : FromOctets(native.Slice(4, 4), port);
    }

    /// <summary>Writes it for the kernel. A sockaddr_in6 takes an IPv4 address in its mapped form; a sockaddr_in no IPv6 address.</summary>
    /// <returns>False when the address is not of the family.</returns>
    internal bool TryWrite(SocketAddress to)
    {
        bool isIPv6 = to.Family == AddressFamily.InterNetworkV6;
        Write(to.Buffer.Span, isIPv6);
        return isIPv6 || IsIPv4;
    }

    /// <summary>The same, with the family's number on Linux.</summary>
    /// <param name="to">Zeros, <see cref="LargestNative"/> of them.</param>
    /// <param name="isIPv6">Is it a sockaddr_in6?</param>
    /// <returns>The bytes written.</returns>
    internal unsafe int WriteLinux(byte* to, bool isIPv6)
    {
        *(ushort*)to = isIPv6 ? LinuxInet6 : LinuxInet;
        Write(new Span<byte>(to, LargestNative), isIPv6);
        return isIPv6 ? LargestNative : SmallestNative;
    }

    private void Write(Span<byte> native, bool isIPv6)
    {
        BinaryPrimitives.WriteUInt16BigEndian(native[2..], Port);
        if (!isIPv6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(native[4..], (uint)_low);
            return;
        }

        WriteOctets6(native[8..]);
        BinaryPrimitives.WriteUInt32LittleEndian(native[24..], Scope);
    }
}
