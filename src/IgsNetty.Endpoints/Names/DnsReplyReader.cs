using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace IgsNetty.Endpoints.Names;

/// <summary>
/// Reads the answer section of a DNS message (RFC 1035 §4.1.3). Pure. Every length is checked before it is used; a name may
/// jump backwards only, so that no message makes it run in a circle.
/// </summary>
internal static class DnsReplyReader
{
    private const int MaxRecords = 512;
    private const int MaxAliases = 16;
    private const int MaxNameCharacters = 255;
    private const byte Truncated = 0x02;
    private const byte Pointer = 0xC0;
    private const int RecordHeaderBytes = 10;

    /// <summary>Reads an answer.</summary>
    /// <param name="message">The whole message; <see cref="DnsQuery.IsAnsweredBy"/> was true for it.</param>
    /// <param name="query">What was asked.</param>
    /// <returns>Null when it is malformed.</returns>
    public static DnsReply? Read(ReadOnlySpan<byte> message, DnsQuery query)
    {
        if (message.Length < DnsQuery.HeaderBytes)
        {
            return null;
        }

        bool isTruncated = (message[2] & Truncated) != 0;
        DnsReplyCode code = (DnsReplyCode)(message[3] & 0x0F);
        int questions = BinaryPrimitives.ReadUInt16BigEndian(message[4..]);
        int answers = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        int at = DnsQuery.HeaderBytes + (questions == 1 ? query.Bytes.Length - DnsQuery.HeaderBytes : 0);
        List<(string Owner, IPAddress Address)> addresses = [];
        Dictionary<string, string> aliases = new(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < answers && i < MaxRecords; i++)
        {
            if (!TryReadRecord(message, ref at, query.Type, addresses, aliases))
            {
                return isTruncated ? new DnsReply(code, true, Of(query.Name, addresses, aliases)) : null; // it may be cut anywhere
            }
        }

        return new DnsReply(code, isTruncated, Of(query.Name, addresses, aliases));
    }

    private static List<IPAddress> Of(string name, List<(string Owner, IPAddress Address)> addresses, Dictionary<string, string> aliases)
    {
        string owner = name;
        for (int i = 0; i < MaxAliases && aliases.TryGetValue(owner, out string? next); i++)
        {
            owner = next;
        }

        return [.. addresses.Where(record => string.Equals(record.Owner, owner, StringComparison.OrdinalIgnoreCase)).Select(record => record.Address)];
    }

    private static bool TryReadRecord(
        ReadOnlySpan<byte> message, ref int at, DnsRecordType asked, List<(string Owner, IPAddress Address)> addresses, Dictionary<string, string> aliases)
    {
        if (TryReadName(message, ref at) is not { } owner || message.Length - at < RecordHeaderBytes)
        {
            return false;
        }

        DnsRecordType type = (DnsRecordType)BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
        ushort recordClass = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 2)..]);
        int length = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]);
        int data = at + RecordHeaderBytes;
        at = data + length;
        if (at > message.Length)
        {
            return false;
        }

        if (recordClass != 1)
        {
            return true;
        }

        if (type == DnsRecordType.Cname)
        {
            int alias = data;
            if (TryReadName(message, ref alias) is not { } target || alias > at)
            {
                return false;
            }

            aliases.TryAdd(owner, target);
        }
        else if (type == asked)
        {
            if (length != (type == DnsRecordType.A ? 4 : 16))
            {
                return false;
            }

            addresses.Add((owner, new IPAddress(message.Slice(data, length))));
        }

        return true;
    }

    private static string? TryReadName(ReadOnlySpan<byte> message, ref int at)
    {
        StringBuilder name = new();
        int next = at;
        int before = at; // a pointer must lead to before the place where this part of the name began
        bool hasJumped = false;
        while (true)
        {
            if (next >= message.Length)
            {
                return null;
            }

            int length = message[next++];
            if ((length & Pointer) == Pointer)
            {
                if (next >= message.Length)
                {
                    return null;
                }

                int to = ((length & ~Pointer) << 8) | message[next++];
                at = hasJumped ? at : next;
                hasJumped = true;
                if (to >= before)
                {
                    return null;
                }

                next = before = to;
                continue;
            }

            if ((length & Pointer) != 0 || length > message.Length - next || name.Length + length >= MaxNameCharacters)
            {
                return null;
            }

            if (length == 0)
            {
                at = hasJumped ? at : next;
                return name.ToString();
            }

            if (name.Length > 0)
            {
                name.Append('.');
            }

            name.Append(Encoding.Latin1.GetString(message.Slice(next, length)));
            next += length;
        }
    }
}
