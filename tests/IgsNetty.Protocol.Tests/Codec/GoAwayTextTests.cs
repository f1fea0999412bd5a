using System.Text;
using IgsNetty.Protocol.Codec;
using IgsNetty.Protocol.Frames;
using IgsNetty.Protocol.Messages;
using IgsNetty.Protocol.Values;
using Xunit;

namespace IgsNetty.Protocol.Tests.Codec;

/// <summary>docs/protocol.md §9: the text of GoAway goes into the peer's log.</summary>
public sealed class GoAwayTextTests
{
    [Fact]
    public void Control_characters_do_not_reach_the_log()
    {
        string controls = string.Concat(Enumerable.Range(0, 0xA0).Select(c => (char)c).Where(char.IsControl));
        GoAway read = Read(Encoding.UTF8.GetBytes("a" + controls + "b"));
        Assert.DoesNotContain(read.Text, char.IsControl);
        Assert.Equal("a" + new string(' ', controls.Length) + "b", read.Text);
    }

    [Fact]
    public void A_terminal_is_not_steered_and_no_line_is_forged()
    {
        GoAway read = Read("bye\r\n2026-01-01 forged line\u001b[2J\u009b1m"u8);
        Assert.Equal("bye  2026-01-01 forged line [2J 1m", read.Text);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_replaced() => Assert.Equal("a\uFFFDb", Read([(byte)'a', 0xFF, (byte)'b']).Text);

    [Theory]
    [InlineData(0, true)]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void It_has_at_most_256_bytes(int length, bool good)
    {
        byte[] payload = [0, 0, 0, 0, 0, 0, .. Enumerable.Repeat((byte)'x', length)];
        Assert.Equal(good, MessageReader.Read(payload, out GoAway _) is null);
    }

    [Fact]
    public void A_last_stream_with_the_reserved_bit_is_a_breach() =>
        Assert.NotNull(MessageReader.Read([0x80, 0, 0, 1, 0, 0], out GoAway _));

    [Theory]
    [InlineData("x", 1)]
    [InlineData("\u00e9", 2)]
    [InlineData("\u20ac", 3)]
    [InlineData("\U0001F600", 4)]
    public void A_long_text_is_cut_between_characters(string character, int bytes)
    {
        for (int before = 0; before < 4; before++)
        {
            string text = new string('-', before) + string.Concat(Enumerable.Repeat(character, 300));
            byte[] frame = new byte[MessageWriter.MaxControlFrame];
            int size = MessageWriter.Write(frame, new GoAway(1, GoAwayReason.Shutdown, text));
            int whole = before + ((GoAway.MaxTextBytes - before) / bytes * bytes);
            Assert.Equal(FrameHeader.Size + 6 + whole, size);
            Assert.Null(MessageReader.Read(frame.AsSpan(FrameHeader.Size, size - FrameHeader.Size), out GoAway read));
            Assert.DoesNotContain('\uFFFD', read.Text);
            Assert.StartsWith(read.Text, text, StringComparison.Ordinal);
        }
    }

    private static GoAway Read(ReadOnlySpan<byte> text)
    {
        Assert.Null(MessageReader.Read([0, 0, 0, 7, 0, 0, .. text], out GoAway read));
        return read;
    }
}
