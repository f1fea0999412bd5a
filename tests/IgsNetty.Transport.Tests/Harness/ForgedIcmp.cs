using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>ICMP messages as a router on the way would send them (RFC 792): they quote the head of a datagram that a socket may have sent.</summary>
internal static class ForgedIcmp
{
    private const int IcmpHeader = 8;
    private const int IPHeader = 20;
    private const int UdpHeader = 8;
    private const byte Udp = 17;
    private const byte UsualTimeToLive = 64;
    private const int SmallMtu = 1400;

    public static Socket OpenSocket() => new(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp);

    /// <summary>Tells the (IPv4, loopback) socket that what it sent to the destination did not arrive.</summary>
    public static void Send(byte type, byte code, IPEndPoint sender, IPEndPoint destination)
    {
        byte[] message = new byte[IcmpHeader + IPHeader + UdpHeader];
        message[0] = type;
        message[1] = code;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), SmallMtu); // where the message says one

        Span<byte> ip = message.AsSpan(IcmpHeader, IPHeader);
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], IPHeader + UdpHeader);
        ip[8] = UsualTimeToLive;
        ip[9] = Udp;
        Assert.True(sender.Address.TryWriteBytes(ip[12..], out _));
        Assert.True(destination.Address.TryWriteBytes(ip[16..], out _));
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Checksum(ip));

        Span<byte> udp = message.AsSpan(IcmpHeader + IPHeader);
        BinaryPrimitives.WriteUInt16BigEndian(udp, (ushort)sender.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], (ushort)destination.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], UdpHeader);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), Checksum(message));

        using Socket socket = OpenSocket();
        Assert.Equal(message.Length, socket.SendTo(message, new IPEndPoint(sender.Address, 0)));
    }

    private static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]);
        }

        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~(sum + (sum >> 16));
    }
}
