using System.Buffers.Binary;
using System.Net;
using System.Text;
using IgsNetty.Protocol.Values;

namespace IgsNetty.Protocol.Codec;

/// <summary>
/// Walks over one payload. Reading past the end sets <see cref="Failed"/> and yields zeros, so a parser reads all fields
/// in order and asks once at the end.
/// </summary>
internal ref struct PayloadReader(ReadOnlySpan<byte> bytes)
{
    // Kinds of addresses (docs/protocol.md §6).
    public const byte IPv4 = 1;
    public const byte IPv6 = 2;
    public const byte HostName = 3;

    private ReadOnlySpan<byte> _rest = bytes;

    public bool Failed { get; private set; }

    public readonly int Remaining => _rest.Length;

    /// <summary>True when nothing failed and nothing is left over.</summary>
    public readonly bool IsAtEnd => !Failed && _rest.IsEmpty;

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > _rest.Length)
        {
            Failed = true;
            _rest = default;
            return default;
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public byte Byte() => Bytes(1) is { Length: 1 } b ? b[0] : (byte)0;

    public ushort UInt16() => Bytes(2) is { Length: 2 } b ? BinaryPrimitives.ReadUInt16BigEndian(b) : (ushort)0;

    public uint UInt32() => Bytes(4) is { Length: 4 } b ? BinaryPrimitives.ReadUInt32BigEndian(b) : 0u;

    public ulong UInt64() => Bytes(8) is { Length: 8 } b ? BinaryPrimitives.ReadUInt64BigEndian(b) : 0ul;

    /// <summary>A count of bytes, which must fit 31 bits.</summary>
    public int Count31()
    {
        uint value = UInt32();
        Failed |= value > int.MaxValue;
        return (int)(value & int.MaxValue);
    }

    /// <summary>An address in wire form (docs/protocol.md §6); null for kind 0 and for what is not an address.</summary>
    public TargetAddress? Address()
    {
        byte kind = Byte();
        if (kind == 0)
        {
            return null;
        }

        ushort port = UInt16();
        ReadOnlySpan<byte> body = kind switch
        {
            IPv4 => Bytes(4),
            IPv6 => Bytes(16),
            HostName => Bytes(Byte()),
            _ => default,
        };
        if (body.IsEmpty)
        {
            Failed = true;
            return null;
        }

        if (kind != HostName)
        {
            return TargetAddress.FromIP(new IPAddress(body), port);
        }

        // A name on the wire must be a name: an address in a name's clothes would pass rules that look at names only.
        if (Ascii.IsValid(body) && TargetAddress.TryCreate(Encoding.ASCII.GetString(body), port, out TargetAddress target, out _) && target.Host is not null)
        {
            return target;
        }

        Failed = true;
        return null;
    }
}
