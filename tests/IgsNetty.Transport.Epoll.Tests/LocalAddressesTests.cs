using System.Net;
using Xunit;

namespace IgsNetty.Transport.Epoll.Tests;

public sealed class LocalAddressesTests
{
    [Fact]
    public void An_address_has_one_number_and_the_number_one_address()
    {
        LocalAddresses addresses = new();
        for (int round = 0; round < 2; round++)
        {
            for (int i = 1; i <= 100; i++)
            {
                Assert.Equal(i, addresses.NumberOf(Numbered(i)));
                Assert.True(addresses.TryFind((ushort)i, out UdpAddress found));
                Assert.Equal(Numbered(i), found);
            }
        }
    }

    [Fact]
    public void What_has_no_room_has_no_number_and_takes_nobody_elses()
    {
        LocalAddresses addresses = new();
        for (int i = 1; i <= LocalAddresses.MostAddresses; i++)
        {
            addresses.NumberOf(Numbered(i));
        }

        Assert.Equal(0, addresses.NumberOf(Numbered(LocalAddresses.MostAddresses + 1)));
        Assert.Equal(LocalAddresses.MostAddresses, addresses.NumberOf(Numbered(LocalAddresses.MostAddresses)));
    }

    [Theory, InlineData(0), InlineData(2), InlineData(ushort.MaxValue)]
    public void A_number_that_was_not_given_finds_nothing(int number)
    {
        LocalAddresses addresses = new();
        addresses.NumberOf(Numbered(1));
        Assert.False(addresses.TryFind((ushort)number, out _));
    }

    private static UdpAddress Numbered(int number) => UdpAddress.FromIP(new IPAddress([10, 0, (byte)(number >> 8), (byte)number]), 0);
}
