using System.Buffers.Binary;
using System.Text;
using IgsNetty.Protocol.Values;

namespace IgsNetty.Protocol.Codec;

/// <summary>Fills one payload from the front; the caller gives enough room.</summary>
internal ref struct PayloadWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    public int Written { get; private set; }

    public void Bytes(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_destination[Written..]);
        Written += bytes.Length;
    }

    public void Byte(byte value) => _destination[Written++] = value;

    public void UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_destination[Written..], value);
        Written += 2;
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_destination[Written..], value);
        Written += 4;
    }

    public void UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_destination[Written..], value);
        Written += 8;
    }

    public void Address(TargetAddress? address)
    {
        if (address is null)
        {
            Byte(0);
            return;
        }

        if (address.Host is { } host)
        {
            Byte(PayloadReader.HostName);
            UInt16((ushort)address.Port);
            Byte((byte)host.Length);
            Written += Encoding.ASCII.GetBytes(host, _destination[Written..]);
            return;
        }

        Span<byte> octets = stackalloc byte[16];
        address.Address!.TryWriteBytes(octets, out int count);
        Address(octets[..count], (ushort)address.Port);
    }

    /// <param name="octets">4 bytes of an IPv4 or 16 of an IPv6 address.</param>
    /// <param name="port">Its port.</param>
    public void Address(scoped ReadOnlySpan<byte> octets, ushort port)
    {
        Byte(octets.Length == 4 ? PayloadReader.IPv4 : PayloadReader.IPv6);
        UInt16(port);
        Bytes(octets);
    }
}
