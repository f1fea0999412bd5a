using System.Text;
using IgsNetty.Protocol.Codec;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;
using Xunit;

namespace IgsNetty.Protocol.Tests.Codec;

/// <summary>docs/protocol.md §6: what an OpenStream may say, and what an address may look like on the wire.</summary>
public sealed class OpenStreamTests
{
    private const byte Tcp = 1;
    private const byte Udp = 2;

    private static readonly byte[] Target = [1, 0, 80, 10, 1, 2, 3];
    private static readonly byte[] NotTold = [0];

    [Theory]
    [InlineData(Tcp, 0, 0, true)]
    [InlineData(Udp, 0, 1, true)]
    [InlineData(Udp, 1, 3600, true)]
    [InlineData(Udp, 2, 65535, true)]
    [InlineData(Udp, 3, 1, false)]
    [InlineData(Udp, 0, 0, false)]
    [InlineData(Tcp, 0, 1, false)]
    [InlineData(0, 0, 0, false)]
    [InlineData(3, 0, 0, false)]
    [InlineData(255, 0, 0, false)]
    [InlineData(Tcp, 1, 0, false)]
    public void Its_fields(byte protocol, byte filter, ushort timeout, bool good)
    {
        byte[] payload = [protocol, filter, (byte)(timeout >> 8), (byte)timeout, 0, protocol == Udp ? (byte)0 : (byte)1, 0, 0, .. Target, .. NotTold];
        Breach? breach = MessageReader.Read(payload, out OpenStream _);
        Assert.Equal(good, breach is null);
        Assert.Equal(good ? null : GoAwayReason.ProtocolError, breach?.Reason);
    }

    [Theory]
    [InlineData(0, 0, 0, 0, true)]
    [InlineData(0, 0, 0, 1, false)]
    [InlineData(0x80, 0, 0, 0, false)]
    public void A_UDP_flow_has_no_window(byte a, byte b, byte c, byte d, bool good)
    {
        Breach? breach = MessageReader.Read([Udp, 0, 0, 5, a, b, c, d, .. Target, .. NotTold], out OpenStream _);
        Assert.Equal(good ? null : GoAwayReason.ProtocolError, breach?.Reason);
    }

    [Fact]
    public void A_window_over_what_credit_may_add_up_to_is_a_breach_of_flow_control()
    {
        byte[] open = [Tcp, 0, 0, 0, 0x80, 0, 0, 0, .. Target, .. NotTold];
        Assert.Equal(GoAwayReason.FlowControlError, MessageReader.Read(open, out OpenStream _)?.Reason);
        byte[] opened = [0x80, 0, 0, 0, .. NotTold];
        Assert.Equal(GoAwayReason.FlowControlError, MessageReader.Read(opened, out StreamOpened _)?.Reason);
        byte[] update = [0x80, 0, 0, 0];
        Assert.Equal(GoAwayReason.FlowControlError, MessageReader.Read(update, out WindowUpdate _)?.Reason);
        Assert.Equal(GoAwayReason.FlowControlError, MessageReader.Read(new byte[4], out WindowUpdate _)?.Reason);
    }

    [Fact]
    public void The_largest_window_is_read()
    {
        byte[] open = [Tcp, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, .. Target, .. NotTold];
        Assert.Null(MessageReader.Read(open, out OpenStream message));
        Assert.Equal(int.MaxValue, message.Window);
    }

    [Fact]
    public void The_target_is_told()
    {
        Assert.NotNull(ReadTarget(NotTold, out _));
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 0, 10, 1, 2, 3 })]
    [InlineData(new byte[] { 2, 0, 0, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 })]
    [InlineData(new byte[] { 3, 0, 0, 1, (byte)'a' })]
    public void A_target_without_a_port_is_a_breach(byte[] target) => Assert.NotNull(ReadTarget(target, out _));

    [Theory]
    [InlineData(new byte[] { 3, 0, 80, 0 })]
    [InlineData(new byte[] { 4, 0, 80, 1, 2, 3, 4 })]
    [InlineData(new byte[] { 255, 0, 80 })]
    public void An_address_of_no_kind_or_no_length_is_a_breach(byte[] target) => Assert.NotNull(ReadTarget(target, out _));

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("10.1.2.3.")]
    [InlineData("127.1")]
    [InlineData("127.0.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("0X7F.1")]
    [InlineData("0x7f.0.0.0x1")]
    [InlineData("017700000001")]
    [InlineData("0177.0.0.1")]
    [InlineData("0")]
    [InlineData("::1")]
    [InlineData("[::1]")]
    [InlineData("::ffff:10.1.2.3")]
    [InlineData("fe80::1%eth0")]
    public void A_host_name_that_is_an_address_in_disguise_is_a_breach(string name) => Assert.NotNull(ReadTarget(Host(name), out _));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".example")]
    [InlineData("a..example")]
    [InlineData("a.example..")]
    [InlineData("a example")]
    [InlineData("a\0")]
    [InlineData("a\nb")]
    [InlineData("a/b")]
    [InlineData("a:80")]
    [InlineData("a@b")]
    [InlineData("*")]
    [InlineData("caf\u00e9")]
    public void A_host_name_has_letters_digits_and_single_dots(string name) => Assert.NotNull(ReadTarget(Host(name), out _));

    [Theory]
    [InlineData("DB.Plant.Example", "db.plant.example")]
    [InlineData("db.plant.example.", "db.plant.example")]
    [InlineData("a_b-c.example", "a_b-c.example")]
    [InlineData("1.2.3.4.5", "1.2.3.4.5")]
    [InlineData("1e3", "1e3")]
    [InlineData("0x", "0x")]
    [InlineData("a", "a")]
    public void A_host_name_is_read_in_its_one_spelling(string name, string host)
    {
        Assert.Null(ReadTarget(Host(name), out OpenStream open));
        Assert.Equal(host, open.Target.Host);
    }

    [Theory]
    [InlineData(253, true)]
    [InlineData(254, false)]
    [InlineData(255, false)]
    public void A_host_name_has_at_most_253_bytes(int length, bool good)
    {
        string name = string.Concat(Enumerable.Repeat("abcdefg.", 32))[..(length - 1)] + "z";
        Breach? breach = ReadTarget(Host(name), out OpenStream open);
        Assert.Equal(good, breach is null);
        Assert.True(!good || open.Target.Host == name);
    }

    [Fact]
    public void An_IPv4_mapped_address_stands_for_the_IPv4_address()
    {
        byte[] mapped = [2, 0, 80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 10, 1, 2, 3];
        Assert.Null(ReadTarget(mapped, out OpenStream open));
        Assert.Equal("10.1.2.3:80", open.Target.ToString());
        Assert.Null(ReadTarget(Target, out OpenStream plain));
        Assert.Equal(plain.Target, open.Target);
    }

    private static byte[] Host(string name) => [3, 0, 80, (byte)name.Length, .. Encoding.Latin1.GetBytes(name)];

    private static Breach? ReadTarget(byte[] target, out OpenStream open) =>
        MessageReader.Read([Tcp, 0, 0, 0, 0, 1, 0, 0, .. target, .. NotTold], out open);
}
