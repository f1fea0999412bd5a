using IgsNetty.Endpoints.Proxy;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Proxy;

/// <summary>docs/protocol.md §12: the message of the options method.</summary>
public sealed class Socks5OptionsTests
{
    private static readonly DatagramOptions Configured = new() { ResponseTimeoutSeconds = 42, ReplyFilter = ReplyFilter.Exact };

    [Theory]
    [InlineData("0100", 42, ReplyFilter.Exact)]
    [InlineData("0101" + "01020000", 0, ReplyFilter.Exact)]
    [InlineData("0101" + "01020001", 1, ReplyFilter.Exact)]
    [InlineData("0101" + "01020e10", 3600, ReplyFilter.Exact)]
    [InlineData("0101" + "020100", 42, ReplyFilter.Address)]
    [InlineData("0101" + "020101", 42, ReplyFilter.Exact)]
    [InlineData("0101" + "020102", 42, ReplyFilter.Any)]
    [InlineData("0102" + "0102000a" + "020102", 10, ReplyFilter.Any)]
    [InlineData("0102" + "020102" + "0102000a", 10, ReplyFilter.Any)]
    [InlineData("0102" + "0102000a" + "0102000b", 11, ReplyFilter.Exact)]
    [InlineData("0101" + "8000", 42, ReplyFilter.Exact)]
    [InlineData("0103" + "80020102" + "0102000a" + "ff03aabbcc", 10, ReplyFilter.Exact)]
    public void What_is_stated_replaces_what_is_configured(string hex, int timeout, ReplyFilter filter)
    {
        byte[] message = Convert.FromHexString(hex);
        DatagramOptions options = Configured;
        Assert.Null(Socks5Options.TryRead([.. message, 5, 1, 0], ref options, out int size));
        Assert.Equal(message.Length, size);
        Assert.Equal(Configured with { ResponseTimeoutSeconds = timeout, ReplyFilter = filter }, options);
        for (int cut = 0; cut < message.Length; cut++)
        {
            options = Configured;
            Assert.Null(Socks5Options.TryRead(message.AsSpan(0, cut), ref options, out size));
            Assert.Equal(0, size);
            Assert.Equal(Configured, options);
        }
    }

    [Theory]
    [InlineData("00")]
    [InlineData("02")]
    [InlineData("05")]
    [InlineData("0101" + "01020e11")]
    [InlineData("0101" + "0102ffff")]
    [InlineData("0101" + "0100")]
    [InlineData("0101" + "01010a")]
    [InlineData("0101" + "010300000a")]
    [InlineData("0101" + "0200")]
    [InlineData("0101" + "020103")]
    [InlineData("0101" + "0201ff")]
    [InlineData("0101" + "02020000")]
    [InlineData("0101" + "0000")]
    [InlineData("0101" + "0300")]
    [InlineData("0101" + "7f0100")]
    [InlineData("0102" + "0102000a" + "0300")]
    public void What_is_not_known_or_has_no_good_value_is_refused(string hex)
    {
        DatagramOptions options = Configured;
        Assert.NotNull(Socks5Options.TryRead(Convert.FromHexString(hex), ref options, out int size));
        Assert.Equal(0, size);
        Assert.Equal(Configured, options);
    }

    [Fact]
    public void Every_type_below_0x80_that_is_not_known_is_refused_and_every_other_skipped()
    {
        for (int type = 0; type < 256; type++)
        {
            if (type is not (1 or 2))
            {
                DatagramOptions options = Configured;
                string? wrong = Socks5Options.TryRead([1, 1, (byte)type, 1, 7], ref options, out int size);
                Assert.Equal(type >= 0x80, wrong is null);
                Assert.Equal(type >= 0x80 ? 5 : 0, size);
            }
        }
    }

    [Fact]
    public void The_longest_message_is_read_whole()
    {
        byte[] option = [0x80, 255, .. new byte[255]];
        byte[] message = [1, 255, .. Enumerable.Repeat(option, 255).SelectMany(bytes => bytes)];
        DatagramOptions options = Configured;
        Assert.Null(Socks5Options.TryRead(message.AsSpan(0, message.Length - 1), ref options, out int size));
        Assert.Equal(0, size);
        Assert.Null(Socks5Options.TryRead(message, ref options, out size));
        Assert.Equal(message.Length, size);
    }
}
