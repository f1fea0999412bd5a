using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Xunit;

namespace IgsNetty.Transport.Tests;

/// <summary>The value alone.</summary>
public sealed class UdpAddressTests
{
    public static TheoryData<string> EndPoints =>
    [
        "0.0.0.0:0", "127.0.0.1:1", "192.0.2.200:53", "255.255.255.255:65535", "[::1]:0", "[::]:1", "[2001:db8::1]:65535",
        "[fe80::1%7]:5353", "[fe80::1%4294967295]:1", "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:40000",
    ];

    [Theory, MemberData(nameof(EndPoints))]
    public void An_end_point_comes_back_as_it_was(string text)
    {
        IPEndPoint endPoint = IPEndPoint.Parse(text);
        UdpAddress address = UdpAddress.FromEndPoint(endPoint);
        Assert.Equal(endPoint, address.ToEndPoint());
        Assert.Equal(endPoint.Address, address.ToIPAddress());
        Assert.Equal(endPoint.Port, address.Port);
        Assert.Equal(endPoint.AddressFamily == AddressFamily.InterNetwork, address.IsIPv4);
        Assert.Equal(address.IsIPv4 ? 0 : endPoint.Address.ScopeId, address.Scope);
        Assert.Equal(endPoint.ToString(), address.ToString());
        Assert.True(address.IsTold);
    }

    [Theory, MemberData(nameof(EndPoints))]
    public void Octets_come_back_as_they_were(string text)
    {
        UdpAddress address = UdpAddress.FromEndPoint(IPEndPoint.Parse(text));
        byte[] octets = new byte[20];
        octets.AsSpan().Fill(0xEE);
        int count = address.WriteOctets(octets);
        Assert.Equal(address.IsIPv4 ? 4 : 16, count);
        Assert.Equal(address.ToIPAddress().GetAddressBytes(), octets[..count]);
        Assert.All(octets[count..], octet => Assert.Equal(0xEE, octet));
        Assert.Equal(address, UdpAddress.FromOctets(octets.AsSpan(0, count), address.Port, address.Scope));
    }

    [Theory, MemberData(nameof(EndPoints))]
    public void What_the_kernel_reads_and_writes_is_that_of_the_end_point(string text)
    {
        IPEndPoint endPoint = IPEndPoint.Parse(text);
        UdpAddress address = UdpAddress.FromEndPoint(endPoint);
        Assert.Equal(address, UdpAddress.Read(endPoint.Serialize()));

        SocketAddress own = Dirty(endPoint.AddressFamily);
        Assert.True(address.TryWrite(own));
        Assert.Equal(endPoint, endPoint.Create(own));
        Assert.Equal(address, UdpAddress.Read(own));
    }

    [Fact]
    public void A_socket_of_both_families_is_given_IPv4_mapped_and_tells_it_so()
    {
        UdpAddress address = UdpAddress.FromEndPoint(IPEndPoint.Parse("192.0.2.1:53"));
        SocketAddress mapped = Dirty(AddressFamily.InterNetworkV6);
        Assert.True(address.TryWrite(mapped));
        IPEndPoint seen = (IPEndPoint)new IPEndPoint(IPAddress.IPv6Any, 0).Create(mapped);
        Assert.Equal(IPEndPoint.Parse("[::ffff:192.0.2.1]:53"), seen);
        Assert.Equal(address, UdpAddress.Read(mapped));
        Assert.True(UdpAddress.Read(mapped).IsIPv4);
    }

    [Fact]
    public void A_socket_of_IPv4_cannot_be_given_IPv6()
    {
        SocketAddress four = new(AddressFamily.InterNetwork);
        Assert.False(UdpAddress.FromEndPoint(IPEndPoint.Parse("[::1]:53")).TryWrite(four));
        Assert.False(UdpAddress.FromEndPoint(IPEndPoint.Parse("[::127.0.0.1]:53")).TryWrite(four));
        Assert.False(default(UdpAddress).TryWrite(four));
    }

    [Fact]
    public void A_mapped_address_is_the_IPv4_address()
    {
        UdpAddress four = UdpAddress.FromIP(IPAddress.Parse("192.0.2.1"), 53);
        IPAddress mapped = IPAddress.Parse("::ffff:192.0.2.1");
        Same(four, UdpAddress.FromIP(mapped, 53));
        Same(four, UdpAddress.FromOctets(mapped.GetAddressBytes(), 53));
        Assert.Equal("192.0.2.1:53", UdpAddress.FromIP(mapped, 53).ToString());
    }

    [Fact]
    public void A_mapped_address_has_no_zone()
    {
        UdpAddress four = UdpAddress.FromIP(IPAddress.Parse("192.0.2.1"), 53);
        byte[] mapped = IPAddress.Parse("::ffff:192.0.2.1").GetAddressBytes();
        Same(four, UdpAddress.FromOctets(mapped, 53, scope: 7));
        Same(four, UdpAddress.FromIP(new IPAddress(mapped, 7), 53));
        Same(four, UdpAddress.FromOctets([192, 0, 2, 1], 53, scope: 7));
    }

    [Fact]
    public void Addresses_that_differ_in_anything_are_not_equal()
    {
        string[] different =
        [
            "192.0.2.1:53", "192.0.2.1:54", "192.0.2.2:53", "[::192.0.2.1]:53", "[::fffe:192.0.2.1]:53", "[1::ffff:192.0.2.1]:53",
            "[fe80::1]:53", "[fe80::1%1]:53", "[fe80::1%2]:53", "[fe80::2]:53", "[fe81::1]:53",
        ];
        UdpAddress[] addresses = [.. different.Select(text => UdpAddress.FromEndPoint(IPEndPoint.Parse(text)))];
        Assert.Equal(addresses.Length, addresses.Distinct().Count());
        Assert.All(addresses, (one, i) => Assert.All(addresses, (other, j) => Assert.Equal(i == j, one == other)));
    }

    [Fact]
    public void The_default_is_not_told()
    {
        Assert.False(default(UdpAddress).IsTold);
        Assert.False(default(UdpAddress).IsIPv4);
        Assert.Equal("[::]:0", default(UdpAddress).ToString());
        Assert.True(UdpAddress.FromIP(IPAddress.Any, 0).IsTold);
        Assert.True(UdpAddress.FromIP(IPAddress.IPv6Loopback, 0).IsTold);
    }

    [Theory, MemberData(nameof(EndPoints))]
    public void Another_port_is_all_that_changes(string text)
    {
        UdpAddress address = UdpAddress.FromEndPoint(IPEndPoint.Parse(text));
        UdpAddress other = address.WithPort(4242);
        Assert.Equal(4242, other.Port);
        Assert.Equal(address.ToIPAddress(), other.ToIPAddress());
        Assert.Equal(address.Scope, other.Scope);
        Same(address, other.WithPort(address.Port));
        Same(address.WithPort(0), other.WithPort(0));
        Assert.Equal(65535, address.WithPort(65535).Port);
    }

    [Theory, InlineData(0), InlineData(3), InlineData(5), InlineData(15), InlineData(17)]
    public void Octets_of_no_address_are_refused(int count) =>
        Assert.Throws<ArgumentException>(() => UdpAddress.FromOctets(new byte[count], 1));

    [Fact]
    public void Neighbours_are_spread_by_their_hash()
    {
        const int Buckets = 1024;
        List<UdpAddress> neighbours = [];
        for (int i = 0; i < 4096; i++)
        {
            neighbours.Add(UdpAddress.FromOctets([10, 0, (byte)(i >> 8), (byte)i], 5000));
            neighbours.Add(UdpAddress.FromOctets([10, 0, 0, 1], i));
        }

        // With 7 to a bucket on average, chance puts no more than some 25 into one.
        neighbours.Remove(UdpAddress.FromOctets([10, 0, 0, 1], 5000));
        Assert.InRange(neighbours.GroupBy(address => address.GetHashCode() & (Buckets - 1)).Max(bucket => bucket.Count()), 1, 40);
        Assert.InRange(neighbours.Select(address => address.GetHashCode()).Distinct().Count(), neighbours.Count - 50, neighbours.Count);
    }

    private static void Same(UdpAddress one, UdpAddress other)
    {
        Assert.Equal(one, other);
        Assert.True(one == other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.Equal(one.ToEndPoint(), other.ToEndPoint());
    }

    // What was in it before may not show through, but for the family.
    private static SocketAddress Dirty(AddressFamily family)
    {
        SocketAddress address = new(family);
        (family == AddressFamily.InterNetwork ? address.Buffer.Span[2..8] : address.Buffer.Span[8..]).Fill(0xEE);
        return address;
    }

    [Fact]
    public void Two_own_addresses_that_were_sent_to_make_two_values_and_one_host()
    {
        UdpAddress untold = UdpAddress.FromIP(IPAddress.Loopback, 53);
        UdpAddress first = untold.WithLocal(1);
        UdpAddress second = untold.WithLocal(2);
        Assert.NotEqual(first, second);
        Assert.NotEqual(untold, first);
        Assert.NotEqual(first.GetHashCode(), second.GetHashCode());
        Assert.Equal(first, untold.WithLocal(1));
        Assert.Equal(untold, first.WithoutLocal());
        Assert.Equal(first.WithPort(0), second.WithPort(0));
        Assert.Equal("127.0.0.1:53 (own address 1)", first.ToString());
        Assert.Equal("127.0.0.1:53", first.WithoutLocal().ToString());
        Assert.Equal(1, first.Local);
        Assert.Equal(24, Unsafe.SizeOf<UdpAddress>());
    }
}
