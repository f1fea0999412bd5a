using System.Net;
using System.Runtime.InteropServices;
using IgsNetty.Protocol.Values;
using Xunit;

namespace IgsNetty.Protocol.Tests.Values;

/// <summary>
/// A rule on names cannot be passed by an address in a name's clothes: whatever the system's resolver would take for an
/// address without asking anybody, <see cref="TargetAddress"/> takes for the same address.
/// </summary>
public sealed partial class AddressSpellingTests
{
    private static readonly string[] Parts =
        ["0", "00", "0x0", "1", "01", "0x1", "7", "07", "08", "9", "10", "012", "0xa", "0XA", "127", "0177", "0x7f", "0x", "255", "0377", "256", "0400",
         "65535", "65536", "0xffff", "16777215", "16777216", "2130706433", "4294967295", "4294967296", "0xffffffff", "0x100000000",
         "037777777777", "040000000000", "00000000000000000000001", "0x00000000000000000000001", "18446744073709551617", "a", "1a", "-1", ""];

    [Fact]
    public void What_inet_aton_reads_is_an_address()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        Random random = new(4);
        int addresses = 0;
        for (int i = 0; i < 60_000; i++)
        {
            string text = string.Join('.', Enumerable.Range(0, random.Next(1, 6)).Select(_ => Parts[random.Next(Parts.Length)]));
            uint address = 0;
            bool isAddress = inet_aton(text, ref address) != 0;
            bool isTarget = TargetAddress.TryCreate(text, 80, out TargetAddress target, out _);
            if (isAddress)
            {
                addresses++;
                Assert.True(isTarget, $"the system reads {text} as {new IPAddress(address)}, TargetAddress does not read it");
                Assert.True(target.Host is null, $"the system reads {text} as {new IPAddress(address)}, TargetAddress as a name");
                Assert.Equal(new IPAddress(address), target.Address);
            }
        }

        Assert.True(addresses > 1_000, $"only {addresses} of the spellings were addresses");
    }

    [Theory]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3:80")]
    [InlineData("::FFFF:a01:203", "10.1.2.3:80")]
    [InlineData("[2001:DB8::0:1]", "[2001:db8::1]:80")]
    [InlineData("10.1.2.3.", "10.1.2.3:80")]
    [InlineData("167838211", "10.1.2.3:80")]
    [InlineData("Db.Example.", "db.example:80")]
    public void Spellings_of_one_target_are_equal(string spelling, string canonical)
    {
        Assert.True(TargetAddress.TryCreate(spelling, 80, out TargetAddress target, out _));
        Assert.Equal(canonical, target.ToString());
        Assert.True(TargetAddress.TryParse(canonical, out TargetAddress same, out _));
        Assert.Equal(same, target);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(65536)]
    public void A_target_has_a_port(int port)
    {
        Assert.False(TargetAddress.TryCreate("a.example", port, out _, out _));
        Assert.False(TargetAddress.TryCreate("10.1.2.3", port, out _, out _));
    }

    [Fact]
    public void A_scope_is_dropped_and_a_mapped_address_unwrapped()
    {
        Assert.Equal(IPAddress.Parse("fe80::1"), TargetAddress.FromIP(IPAddress.Parse("fe80::1%7"), 1).Address);
        Assert.Equal(IPAddress.Parse("1.2.3.4"), TargetAddress.FromIP(IPAddress.Parse("::ffff:1.2.3.4"), 1).Address);
        Assert.Equal(
            TargetAddress.FromEndPoint(new IPEndPoint(IPAddress.Parse("::ffff:1.2.3.4"), 5)), TargetAddress.FromIP(IPAddress.Parse("1.2.3.4"), 5));
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int inet_aton(string text, ref uint address);
}
