using System.Buffers.Binary;
using System.Text;

namespace IgsNetty.Endpoints.Names;

/// <summary>One DNS question as bytes (RFC 1035 §4.1), and the test whether a message answers it. Immutable.</summary>
internal sealed class DnsQuery
{
    /// <summary>Bytes of a message's header.</summary>
    public const int HeaderBytes = 12;

    private const int MaxLabelBytes = 63;
    private const int MaxNameBytes = 253;
    private const ushort Internet = 1;
    private const byte Response = 0x80;
    private const byte OpCode = 0x78;
    private const byte RecursionDesired = 0x01;

    private readonly byte[] _bytes;

    private DnsQuery(byte[] bytes, string name, DnsRecordType type)
    {
        _bytes = bytes;
        Name = name;
        Type = type;
    }

    /// <summary>The whole message.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>The name that is asked for.</summary>
    public string Name { get; }

    /// <summary>The type that is asked for.</summary>
    public DnsRecordType Type { get; }

    /// <summary>Makes a question.</summary>
    /// <param name="id">Random: a forged answer has to guess it.</param>
    /// <param name="name">A host name without a trailing dot.</param>
    /// <param name="type">The type.</param>
    /// <returns>Null when no DNS message can hold the name.</returns>
    public static DnsQuery? TryCreate(ushort id, string name, DnsRecordType type)
    {
        string[] labels = name.Split('.');
        if (name.Length is 0 or > MaxNameBytes || labels.Any(label => label.Length is 0 or > MaxLabelBytes))
        {
            return null;
        }

        byte[] bytes = new byte[HeaderBytes + name.Length + 2 + 4];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, id);
        bytes[2] = RecursionDesired;
        bytes[5] = 1; // one question
        int at = HeaderBytes;
        foreach (string label in labels)
        {
            bytes[at++] = (byte)label.Length;
            at += Encoding.ASCII.GetBytes(label, bytes.AsSpan(at));
        }

        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at + 1), (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at + 3), Internet);
        return new DnsQuery(bytes, name, type);
    }

    /// <summary>Does the message answer this question? A server that cannot read a question may leave it out.</summary>
    public bool IsAnsweredBy(ReadOnlySpan<byte> message)
    {
        if (message.Length < HeaderBytes || message[0] != _bytes[0] || message[1] != _bytes[1]
            || (message[2] & Response) == 0 || (message[2] & OpCode) != 0)
        {
            return false;
        }

        int questions = BinaryPrimitives.ReadUInt16BigEndian(message[4..]);
        if (questions == 0)
        {
            return (message[3] & 0x0F) != (int)DnsReplyCode.NoError;
        }

        ReadOnlySpan<byte> question = _bytes.AsSpan(HeaderBytes);
        return questions == 1 && message.Length >= _bytes.Length && EqualsIgnoringCase(message.Slice(HeaderBytes, question.Length), question);
    }

    private static bool EqualsIgnoringCase(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        Ascii.EqualsIgnoreCase(left[..^4], right[..^4]) && left[^4..].SequenceEqual(right[^4..]);
}
