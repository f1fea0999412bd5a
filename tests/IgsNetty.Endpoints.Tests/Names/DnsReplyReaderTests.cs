using System.Net;
using IgsNetty.Endpoints.Names;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Names;

/// <summary>Bytes from strangers: whatever they are, reading ends, and takes nothing from outside the message.</summary>
public sealed class DnsReplyReaderTests
{
    private static readonly DnsQuery Query = DnsQuery.TryCreate(0x1234, "www.example", DnsRecordType.A)!;

    [Fact]
    public void A_question_is_written_as_RFC_1035_has_it() =>
        Assert.Equal("123401000001000000000000" + "0377777707" + "6578616D706C65" + "00" + "0001" + "0001", Convert.ToHexString(Query.Bytes.Span));

    [Fact]
    public void An_answer_is_read()
    {
        byte[] message = Message("C00C" + "0005" + "0001" + "0000003C" + "0004" + "01610000" + "C00C");
        Assert.Null(DnsReplyReader.Read(Message("C00C" + "0001" + "0001" + "0000003C" + "0003" + "0A0102"), Query));
        Assert.Null(DnsReplyReader.Read(message.AsSpan(0, message.Length - 3), Query));
        DnsReply reply = DnsReplyReader.Read(Message("C00C" + "0001" + "0001" + "0000003C" + "0004" + "0A010203"), Query)!;
        Assert.Equal(IPAddress.Parse("10.1.2.3"), Assert.Single(reply.Addresses));
    }

    [Theory]
    [InlineData("C01D")] // to itself
    [InlineData("C0FF")] // beyond the end
    [InlineData("0161C01D")] // to its own beginning
    [InlineData("4161")] // a label type that does not exist
    [InlineData("3F61")] // a label that is longer than the message
    public void A_bad_name_is_refused(string name) =>
        Assert.Null(DnsReplyReader.Read(Message(name + "0001" + "0001" + "0000003C" + "0004" + "0A010203"), Query));

    [Fact]
    public void Addresses_of_other_names_do_not_count()
    {
        DnsReply reply = DnsReplyReader.Read(Message("0161" + "00" + "0001" + "0001" + "0000003C" + "0004" + "0A010203"), Query)!;
        Assert.Empty(reply.Addresses);
    }

    [Fact]
    public void A_truncated_message_that_is_cut_anywhere_is_truncated()
    {
        byte[] whole = Message("C00C" + "0001" + "0001" + "0000003C" + "0004" + "0A010203");
        whole[2] |= 0x02;
        for (int size = Query.Bytes.Length; size <= whole.Length; size++)
        {
            Assert.True(DnsReplyReader.Read(whole.AsSpan(0, size), Query)!.IsTruncated);
        }
    }

    [Fact]
    public void No_bytes_make_it_fail()
    {
        Random random = new(1);
        byte[] seed = Message("C00C" + "0005" + "0001" + "0000003C" + "0006" + "0362C00C" + "C01D" + "C02B" + "0001" + "0001" + "0000003C" + "0004" + "0A010203");
        seed[7] = 2;
        for (int i = 0; i < 100_000; i++)
        {
            byte[] message = [.. seed.AsSpan(0, random.Next(seed.Length + 1))];
            for (int changes = random.Next(6); changes > 0 && message.Length > 0; changes--)
            {
                message[random.Next(message.Length)] = (byte)random.Next(256);
            }

            if (Query.IsAnsweredBy(message))
            {
                DnsReply? reply = DnsReplyReader.Read(message, Query);
                Assert.True(reply is null || reply.Addresses.Count <= 512);
            }
        }
    }

    private static byte[] Message(string records) =>
        [.. Convert.FromHexString("123481800001000100000000"), .. Query.Bytes.Span[12..], .. Convert.FromHexString(records)];
}
