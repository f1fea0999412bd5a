using System.Text;
using IgsNetty.Endpoints.Proxy;
using IgsNetty.Protocol.Values;
using IgsNetty.Relay.Datagrams;
using IgsNetty.TestKit.Relay;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Proxy;

/// <summary>RFC 1928 §7: the header of a datagram.</summary>
public sealed class Socks5DatagramTests
{
    private const string IPv4 = "000000" + "01" + "0a010203" + "0035";
    private const string IPv6 = "000000" + "04" + "20010db8000000000000000000000035" + "0035";
    private const string Name = "000000" + "03" + "0b" + "646e732e6578616d706c65" + "0035";

    [Theory]
    [InlineData(IPv4, "10.1.2.3:53")]
    [InlineData(IPv6, "[2001:db8::35]:53")]
    [InlineData("000000" + "04" + "00000000000000000000ffff0a010203" + "ffff", "10.1.2.3:65535")]
    [InlineData(Name, "dns.example:53")]
    [InlineData("000000" + "03" + "0c" + "444e532e4578616d706c652e" + "0035", "dns.example:53")]
    [InlineData("000000" + "03" + "08" + "31302e312e322e33" + "0035", "10.1.2.3:53")]
    [InlineData("000000" + "03" + "01" + "61" + "0001", "a:1")]
    public void It_says_where_the_datagram_goes(string hex, string target)
    {
        byte[] header = Convert.FromHexString(hex);
        foreach (int size in new[] { 0, 1, 3, 1400 })
        {
            Assert.True(Socks5Datagram.TryRead([.. header, .. new byte[size]], out FlowAddress read, out int length));
            Assert.Equal(target, read.ToTarget().ToString());
            Assert.Equal(target.StartsWith("dns", StringComparison.Ordinal) || target[0] == 'a', read.Name is not null);
            Assert.Equal(header.Length, length);
        }

        for (int cut = 0; cut < header.Length; cut++)
        {
            Assert.False(Socks5Datagram.TryRead(header.AsSpan(0, cut), out _, out _));
        }
    }

    [Fact]
    public void Fragments_are_none()
    {
        for (int fragment = 1; fragment < 256; fragment++)
        {
            byte[] datagram = Convert.FromHexString(IPv4 + "aabb");
            datagram[2] = (byte)fragment;
            Assert.False(Socks5Datagram.TryRead(datagram, out _, out _));
        }
    }

    [Theory]
    [InlineData(IPv4)]
    [InlineData(IPv6)]
    [InlineData(Name)]
    public void Port_0_is_no_target(string hex) =>
        Assert.False(Socks5Datagram.TryRead(Convert.FromHexString(hex[..^4] + "0000" + "aabb"), out _, out _));

    [Fact]
    public void Another_kind_of_address_is_none()
    {
        for (int kind = 0; kind < 256; kind++)
        {
            if (kind is not (1 or 3 or 4))
            {
                Assert.False(Socks5Datagram.TryRead([0, 0, 0, (byte)kind, 10, 1, 2, 3, 0, 53, .. new byte[300]], out _, out _));
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a..b")]
    [InlineData("a\0")]
    [InlineData("caf\u00e9")]
    [InlineData("fe80::1%eth0")]
    public void A_name_that_is_none_is_no_target(string name) =>
        Assert.False(Socks5Datagram.TryRead([0, 0, 0, 3, (byte)name.Length, .. Encoding.Latin1.GetBytes(name), 0, 53, 1, 2, 3, 4, 5], out _, out _));

    [Theory]
    [InlineData("10.1.2.3:53", IPv4)]
    [InlineData("[2001:db8::35]:53", IPv6)]
    [InlineData("[::ffff:10.1.2.3]:53", IPv4)]
    public void A_reply_tells_its_source(string source, string hex)
    {
        byte[] header = Fresh();
        int size = Socks5Datagram.WriteHeader(header, new FlowAddress(Udp.Address(source), null));
        Assert.Equal(hex, Convert.ToHexStringLower(header.AsSpan(0, size)));
    }

    [Fact]
    public void A_reply_from_a_name_tells_the_name()
    {
        Assert.True(TargetAddress.TryCreate("dns.example", 53, out TargetAddress name, out _));
        byte[] header = Fresh();
        int size = Socks5Datagram.WriteHeader(header, FlowAddress.From(name));
        Assert.Equal(Name, Convert.ToHexStringLower(header.AsSpan(0, size)));
    }

    [Fact]
    public void The_longest_header_fits()
    {
        string host = string.Concat(Enumerable.Repeat("abcdefg.", 32))[..252] + "z";
        Assert.True(TargetAddress.TryCreate(host, 53, out TargetAddress name, out _));
        byte[] header = Fresh();
        Assert.Equal(header.Length, Socks5Datagram.WriteHeader(header, FlowAddress.From(name)));
        Assert.True(Socks5Datagram.TryRead(header, out FlowAddress read, out int size));
        Assert.Equal((name, header.Length), (read.Name, size));
    }

    private static byte[] Fresh()
    {
        byte[] header = new byte[Socks5Datagram.MaxHeader];
        header.AsSpan().Fill(0xDD);
        return header;
    }
}
