using System.Buffers.Binary;
using System.Text;
using IgsNetty.Protocol.Codec;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;
using IgsNetty.TestKit.Wire;
using Xunit;

namespace IgsNetty.Protocol.Tests.Codec;

/// <summary>docs/protocol.md §5, the fields of Hello at their bounds.</summary>
public sealed class HelloTests
{
    private const int VersionOffset = 4;
    private const int AuthenticationOffset = 6;
    private const int ReservedOffset = 7;
    private const int CapabilitiesOffset = 8;
    private const int MaxPayloadOffset = 12;
    private const int MaxStreamsOffset = 16;
    private const int WindowOffset = 20;
    private const int NameOffset = 56;

    [Theory]
    [InlineData(MaxPayloadOffset, 16_383u, false)]
    [InlineData(MaxPayloadOffset, 16_384u, true)]
    [InlineData(MaxPayloadOffset, 16_777_215u, true)]
    [InlineData(MaxPayloadOffset, 16_777_216u, false)]
    [InlineData(MaxPayloadOffset, uint.MaxValue, false)]
    [InlineData(MaxStreamsOffset, 0u, true)]
    [InlineData(MaxStreamsOffset, 0x7FFF_FFFFu, true)]
    [InlineData(MaxStreamsOffset, 0x8000_0000u, true)]
    [InlineData(MaxStreamsOffset, uint.MaxValue, true)]
    [InlineData(WindowOffset, 16_383u, false)]
    [InlineData(WindowOffset, 16_384u, true)]
    [InlineData(WindowOffset, 0x7FFF_FFFFu, true)]
    [InlineData(WindowOffset, 0x8000_0000u, false)]
    [InlineData(CapabilitiesOffset, uint.MaxValue, true)]
    public void Numbers_have_bounds(int offset, uint value, bool good)
    {
        byte[] payload = Payload();
        BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(offset), value);
        Check(payload, good);
    }

    [Fact]
    public void More_streams_than_anybody_can_open_are_all_that_can_be_opened()
    {
        byte[] payload = Payload();
        BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(MaxStreamsOffset), uint.MaxValue);
        Assert.Null(MessageReader.Read(payload, out Hello hello));
        Assert.Equal(int.MaxValue, hello.MaxStreams);
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(0, 1, false)]
    [InlineData(2, 1, false)]
    [InlineData(1, 1, true)]
    [InlineData(1, 255, true)]
    [InlineData(2, 3, true)]
    public void The_version_range_is_not_empty_and_starts_above_zero(byte oldest, byte newest, bool good)
    {
        byte[] payload = Payload();
        payload[VersionOffset] = oldest;
        payload[VersionOffset + 1] = newest;
        Check(payload, good);
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("Site-A_1.plant", true)]
    [InlineData("", false)]
    [InlineData("site a", false)]
    [InlineData("site/a", false)]
    [InlineData("site\na", false)]
    [InlineData("s\u00efte", false)]
    public void Names_have_an_alphabet(string name, bool good)
    {
        byte[] text = Encoding.Latin1.GetBytes(name);
        Check([.. Payload()[..NameOffset], (byte)text.Length, .. text], good);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(255, false)]
    public void Names_have_a_longest_length(int length, bool good)
    {
        byte[] name = [.. Enumerable.Repeat((byte)'x', length)];
        Check([.. Payload()[..NameOffset], (byte)length, .. name], good);
    }

    [Fact]
    public void The_reserved_byte_is_zero()
    {
        byte[] payload = Payload();
        payload[ReservedOffset] = 1;
        Check(payload, good: false);
    }

    [Fact]
    public void An_unknown_authentication_is_left_to_the_handshake()
    {
        byte[] payload = Payload();
        payload[AuthenticationOffset] = 7;
        Assert.Null(MessageReader.Read(payload, out Hello hello));
        Assert.Equal((LinkAuthentication)7, hello.Authentication);
    }

    [Theory]
    [InlineData(new byte[] { 9, 0, 0 }, true)]
    [InlineData(new byte[] { 9, 0, 2, 1, 1 }, true)]
    [InlineData(new byte[] { 9, 0, 1, 1, 9, 0, 0 }, true)]
    [InlineData(new byte[] { 9 }, false)]
    [InlineData(new byte[] { 9, 0 }, false)]
    [InlineData(new byte[] { 9, 0, 2, 1 }, false)]
    [InlineData(new byte[] { 9, 0, 0, 9 }, false)]
    public void Unknown_extensions_are_skipped_when_they_are_whole(byte[] extensions, bool good) =>
        Check([.. Payload(), .. extensions], good);

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: site-a\r\nConnection: close\r\nAccept: */*\r\n\r\n")]
    [InlineData("IGSM")]
    [InlineData("")]
    public void Something_else_than_this_protocol_is_a_breach(string text) => Check(Encoding.ASCII.GetBytes(text), good: false);

    private static byte[] Payload() => GoldenVectors.Named("hello-site-a").Payload.ToArray();

    private static void Check(byte[] payload, bool good)
    {
        Breach? breach = MessageReader.Read(payload, out Hello _);
        Assert.Equal(good, breach is null);
        Assert.Equal(good ? null : GoAwayReason.ProtocolError, breach?.Reason);
        Assert.True(payload.Length <= FrameLimits.MaxHandshakePayload);
    }
}
