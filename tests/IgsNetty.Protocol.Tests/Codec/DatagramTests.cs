using System.Text;
using IgsNetty.Protocol.Codec;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;
using Xunit;

namespace IgsNetty.Protocol.Tests.Codec;

/// <summary>docs/protocol.md §10: what a Datagram may say.</summary>
public sealed class DatagramTests
{
    private static readonly byte[] IPv4 = [1, 0, 53, 10, 1, 2, 3];
    private static readonly byte[] IPv6 = [2, 0, 53, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    private static readonly byte[] Name = [3, 0, 53, 4, (byte)'d', (byte)'n', (byte)'s', (byte)'1'];

    public static TheoryData<byte[]> Addresses => [new byte[] { 0 }, IPv4, IPv6, Name, LongestName()];

    [Fact]
    public void Any_datagram_is_read_as_it_was_written()
    {
        Random random = new(10);
        for (int i = 0; i < 3_000; i++)
        {
            byte[] payload = new byte[random.Next(4) == 0 ? 0 : random.Next(3_000)];
            random.NextBytes(payload);
            byte[] octets = new byte[random.Next(2) == 0 ? 4 : 16];
            random.NextBytes(octets);
            int kind = random.Next(3);
            ushort port = (ushort)random.Next(1, 65_536);
            TargetAddress? name = kind == 2 ? Host($"h{random.Next()}.example", port) : null;
            uint id = (uint)random.Next();
            Datagram sent = new() { Octets = kind == 1 ? octets : default, Port = kind == 1 ? port : (ushort)0, Name = name, Payload = payload };

            byte[] frame = Write(id, sent);
            Assert.Equal(id, FrameHeader.Read(frame).StreamId);
            Assert.Null(MessageReader.Read(frame.AsSpan(FrameHeader.Size), out Datagram read));
            Assert.True(read.Octets.SequenceEqual(sent.Octets));
            Assert.Equal(sent.Port, read.Port);
            Assert.Equal(name, read.Name);
            Assert.Equal(kind == 0, read.IsToTarget);
            Assert.True(read.Payload.SequenceEqual(payload));
        }
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    public void It_has_0_to_65507_bytes(byte[] address)
    {
        foreach (int size in new[] { 0, 1, FrameLimits.MaxDatagram - 1, FrameLimits.MaxDatagram })
        {
            byte[] payload = [.. address, .. new byte[size]];
            Assert.Null(FrameRules.Check(new FrameHeader(payload.Length, FrameType.Datagram, 2), FrameLimits.MaxPayload, out _));
            Assert.Null(MessageReader.Read(payload, out Datagram read));
            Assert.Equal(size, read.Payload.Length);
            Assert.Equal(payload, Write(2, read)[FrameHeader.Size..]);
        }

        Assert.Equal(GoAwayReason.FrameSizeError, Read([.. address, .. new byte[FrameLimits.MaxDatagram + 1]])?.Reason);
    }

    [Fact]
    public void The_longest_fits_the_room_that_is_promised()
    {
        Assert.Null(MessageReader.Read([.. LongestName(), .. new byte[FrameLimits.MaxDatagram]], out Datagram longest));
        byte[] frame = new byte[MessageWriter.MaxDatagramOverhead + FrameLimits.MaxDatagram];
        Assert.Equal(frame.Length, MessageWriter.Write(frame, 0, longest));
        Assert.Equal(65_764, FrameHeader.Read(frame).PayloadLength);
    }

    [Theory]
    [MemberData(nameof(Addresses))]
    public void An_address_that_is_cut_short_is_a_breach(byte[] address)
    {
        for (int size = 0; size < address.Length; size++)
        {
            Assert.Equal(GoAwayReason.ProtocolError, Read(address[..size])?.Reason);
        }

        Assert.Null(Read(address));
    }

    [Fact]
    public void Port_0_is_a_breach()
    {
        foreach (byte[] address in new[] { IPv4, IPv6, Name })
        {
            byte[] portless = [address[0], 0, 0, .. address[3..], 1, 2, 3];
            Assert.Equal(GoAwayReason.ProtocolError, Read(portless)?.Reason);
        }
    }

    [Fact]
    public void An_address_of_no_kind_is_a_breach()
    {
        for (int kind = 4; kind < 256; kind++)
        {
            Assert.Equal(GoAwayReason.ProtocolError, Read([(byte)kind, .. IPv4[1..], .. new byte[40]])?.Reason);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.1.2.3")]
    [InlineData("10.1.2.3.")]
    [InlineData("127.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("0177.0.0.1")]
    [InlineData("::1")]
    [InlineData("[::1]")]
    [InlineData("::ffff:10.1.2.3")]
    [InlineData("fe80::1%eth0")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData("a\0")]
    [InlineData("caf\u00e9")]
    public void A_name_that_is_none_or_an_address_in_disguise_is_a_breach(string name) =>
        Assert.Equal(GoAwayReason.ProtocolError, Read([3, 0, 53, (byte)name.Length, .. Encoding.Latin1.GetBytes(name), 1, 2])?.Reason);

    [Fact]
    public void A_name_is_read_in_its_one_spelling()
    {
        Assert.Null(MessageReader.Read([3, 0, 53, 5, .. "DNS1."u8, 7], out Datagram read));
        Assert.Equal("dns1:53", read.Name?.ToString());
        Assert.Equal([7], read.Payload.ToArray());
    }

    private static byte[] LongestName() => [3, 0, 53, 253, .. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("abcdefg.", 32))[..252] + "z")];

    private static Breach? Read(byte[] payload) => MessageReader.Read(payload, out Datagram _);

    private static byte[] Write(uint id, in Datagram datagram)
    {
        byte[] frame = new byte[MessageWriter.MaxDatagramOverhead + datagram.Payload.Length];
        int size = MessageWriter.Write(frame, id, datagram);
        Assert.Equal(FrameHeader.Size + FrameHeader.Read(frame).PayloadLength, size);
        return frame[..size];
    }

    private static TargetAddress Host(string name, int port)
    {
        Assert.True(TargetAddress.TryCreate(name, port, out TargetAddress target, out string error), error);
        return target;
    }
}
