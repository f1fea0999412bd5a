using System.Net;
using System.Net.Sockets;
using IgsNetty.Endpoints.Names;

namespace IgsNetty.Fuzz.Names;

/// <summary>What a name server answers. The first byte chooses the question, the rest is the message.</summary>
internal sealed class DnsReplyTarget : IFuzzTarget
{
    private const int MaxRecords = 512;
    private const int FixedBytes = 8192;

    // A record has 11 bytes at least. It may cost two names of 255 characters, which pointers make of two bytes.
    private const int BytesPerByte = 512;

    private static readonly DnsQuery Four = DnsQuery.TryCreate(0x1234, "www.plant.example", DnsRecordType.A)!;
    private static readonly DnsQuery Six = DnsQuery.TryCreate(0x1234, "www.plant.example", DnsRecordType.Aaaa)!;

    public string Name => "dns";

    public int MostBytes => 4096;

    public IEnumerable<byte[]> Seeds =>
    [
        Message(Four, "8180", "C00C000100010000003C00040A010203"),
        Message(Six, "8180", "C00C001C00010000003C001020010DB8000000000000000000000001"),
        Message(Four, "8180", "C00C00050001000000 3C00040161C010", "C02F00010001 0000003C00040A010203"),
        Message(Four, "8380"), // truncated
        Message(Four, "8183"), // no such name
        Message(Six, "8182"),
        [0, .. "\x12\x34\x81\x81\0\0\0\0\0\0\0\0"u8], // FORMERR without the question
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }

        DnsQuery query = (input[0] & 1) == 0 ? Four : Six;
        ReadOnlySpan<byte> message = input[1..];
        Allocation allocation = Allocation.Start();
        DnsReply? reply = query.IsAnsweredBy(message) ? DnsReplyReader.Read(message, query) : null;
        allocation.AtMost(FixedBytes + ((long)BytesPerByte * message.Length), "the message");
        if (reply is not null)
        {
            AddressFamily family = query == Four ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
            FuzzException.Unless(reply.Addresses.Count <= MaxRecords, "the answer has more addresses than records are read");
            FuzzException.Unless(reply.Addresses.All(address => address.AddressFamily == family), "an address is of the family that was not asked for");
            FuzzException.UnlessSame(Text(reply), Text(DnsReplyReader.Read(message, query)!), "two readings differ");
        }
    }

    private static string Text(DnsReply reply) => $"{reply.Code} {reply.IsTruncated} {string.Join<IPAddress>(' ', reply.Addresses)}";

    private static byte[] Message(DnsQuery query, string flags, params string[] records) =>
    [
        query == Four ? (byte)0 : (byte)1,
        0x12, 0x34,
        .. Convert.FromHexString(flags),
        0, 1, 0, (byte)records.Length, 0, 0, 0, 0,
        .. query.Bytes.Span[DnsQuery.HeaderBytes..],
        .. records.SelectMany(record => Convert.FromHexString(record.Replace(" ", "", StringComparison.Ordinal))),
    ];
}
