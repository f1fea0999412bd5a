using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Values;
using Xunit;

namespace IgsNetty.Protocol.Tests.Frames;

/// <summary>docs/protocol.md §3, the table, and what §2 says of every header.</summary>
public sealed class FrameRulesTests
{
    private const int MaxPayload = 262_136;

    /// <summary>Stream IDs that a type may have.</summary>
    public enum Place
    {
        OnStream,
        OnLink,
        Either,
    }

    /// <summary>Type, where it belongs, least and most bytes.</summary>
    public static TheoryData<FrameType, Place, int, int> Table => new()
    {
        { FrameType.OpenStream, Place.OnStream, 10, 522 },
        { FrameType.StreamOpened, Place.OnStream, 5, 261 },
        { FrameType.Data, Place.OnStream, 1, MaxPayload },
        { FrameType.EndOfStream, Place.OnStream, 0, 0 },
        { FrameType.ResetStream, Place.OnStream, 2, 2 },
        { FrameType.WindowUpdate, Place.OnStream, 4, 4 },
        { FrameType.Datagram, Place.Either, 1, 65_764 },
        { FrameType.Ping, Place.OnLink, 8, 8 },
        { FrameType.Pong, Place.OnLink, 8, 8 },
        { FrameType.GoAway, Place.OnLink, 6, 262 },
    };

    [Fact]
    public void The_table_has_every_type_of_the_data_phase() =>
        Assert.Equal(
            Enum.GetValues<FrameType>().Except([FrameType.Hello, FrameType.Authenticate]).Order(),
            Table.Select(row => (FrameType)row[0]).Order());

    [Theory]
    [MemberData(nameof(Table))]
    public void Length_has_bounds(FrameType type, Place place, int least, int most)
    {
        uint id = place == Place.OnLink ? 0u : 1u;
        Assert.Null(Reason(least, type, id));
        Assert.Null(Reason(most, type, id));
        Assert.Null(Reason(least + ((most - least) / 2), type, id));
        Assert.Equal(least == 0 ? null : GoAwayReason.FrameSizeError, least == 0 ? null : Reason(least - 1, type, id));
        Assert.Equal(GoAwayReason.FrameSizeError, Reason(most + 1, type, id));
        Assert.Equal(GoAwayReason.FrameSizeError, Reason(FrameLimits.MaxPayload, type, id));
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void Stream_ID_is_zero_for_the_link_and_for_what_awaits_no_reply(FrameType type, Place place, int least, int most)
    {
        Assert.Equal(place == Place.OnStream ? GoAwayReason.StreamIdError : null, Reason(least, type, 0));
        Assert.Equal(place == Place.OnLink ? GoAwayReason.StreamIdError : null, Reason(most, type, 1));
        Assert.Equal(place == Place.OnLink ? GoAwayReason.StreamIdError : null, Reason(least, type, StreamId.MaxValue));
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void The_reserved_bit_is_zero(FrameType type, Place place, int least, int most)
    {
        _ = place;
        Assert.Equal(GoAwayReason.ProtocolError, Reason(least, type, 0x8000_0000));
        Assert.Equal(GoAwayReason.ProtocolError, Reason(most, type, 0x8000_0001));
        Assert.Equal(GoAwayReason.ProtocolError, Reason(most, type, uint.MaxValue));
    }

    [Theory]
    [InlineData(FrameType.Hello)]
    [InlineData(FrameType.Authenticate)]
    public void The_handshake_is_over(FrameType type)
    {
        Assert.Equal(GoAwayReason.ProtocolError, Reason(0, type, 0));
        Assert.Equal(GoAwayReason.ProtocolError, Reason(63, type, 0));
        Assert.Equal(GoAwayReason.ProtocolError, Reason(32, type, 1));
    }

    [Fact]
    public void Every_other_type_is_skipped_from_0x80_and_a_breach_below()
    {
        for (int type = 0; type < 256; type++)
        {
            if (Enum.IsDefined((FrameType)type))
            {
                continue;
            }

            foreach (uint id in new[] { 0u, 1u, StreamId.MaxValue })
            {
                foreach (int length in new[] { 0, 1, MaxPayload })
                {
                    Breach? breach = FrameRules.Check(new FrameHeader(length, (FrameType)type, id), MaxPayload, out bool skip);
                    Assert.Equal(type >= 0x80, skip);
                    Assert.Equal(type >= 0x80 ? null : GoAwayReason.UnknownFrameType, breach?.Reason);
                }
            }
        }
    }

    [Theory]
    [InlineData(0x80)]
    [InlineData(0xFF)]
    public void What_is_skipped_must_be_well_formed(byte type)
    {
        Assert.Equal(GoAwayReason.FrameSizeError, Reason(MaxPayload + 1, (FrameType)type, 1));
        Assert.Equal(GoAwayReason.ProtocolError, Reason(1, (FrameType)type, 0x8000_0000));
    }

    [Fact]
    public void Data_is_bound_by_what_this_gateway_announced()
    {
        FrameHeader header = new(20_000, FrameType.Data, 1);
        Assert.Null(FrameRules.Check(header, 20_000, out _));
        Assert.Equal(GoAwayReason.FrameSizeError, FrameRules.Check(header, 19_999, out _)?.Reason);
    }

    private static GoAwayReason? Reason(int length, FrameType type, uint id) =>
        FrameRules.Check(new FrameHeader(length, type, id), MaxPayload, out _)?.Reason;
}
