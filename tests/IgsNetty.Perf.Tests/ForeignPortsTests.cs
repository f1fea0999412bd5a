using System.Net;
using System.Net.Sockets;
using IgsNetty.Perf.Ports;
using IgsNetty.Perf.Tests.Harness;
using Xunit;

namespace IgsNetty.Perf.Tests;

public sealed class ForeignPortsTests
{
    [LinuxFact]
    public void No_port_is_given_twice_and_none_is_ephemeral()
    {
        int[] ephemeral = [.. File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range").Split('\t').Select(int.Parse)];
        int[] ports = [.. Enumerable.Range(0, 200).Select(_ => ForeignPorts.Take())];
        Assert.Equal(ports.Length, ports.Distinct().Count());
        Assert.DoesNotContain(ports, port => port >= ephemeral[0] && port <= ephemeral[1]);
    }

    [LinuxFact]
    public void A_claim_of_this_process_holds_for_all_others()
    {
        string name = $"\0igsnetty-port-{ForeignPorts.Take()}";
        using Socket other = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        Assert.Equal(
            SocketError.AddressAlreadyInUse, Assert.Throws<SocketException>(() => other.Bind(new UnixDomainSocketEndPoint(name))).SocketErrorCode);
    }

    [LinuxTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_port_that_anyone_has_is_not_free(bool isUdp)
    {
        int port = ForeignPorts.Take();
        Assert.True(ForeignPorts.IsFree(port));
        Assert.False(BoundPorts.Has(port, isUdp));
        using Socket socket = isUdp
            ? new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
            : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        if (!isUdp)
        {
            socket.Listen();
        }

        Assert.False(ForeignPorts.IsFree(port));
        Assert.True(BoundPorts.Has(Environment.ProcessId, port, isUdp));
        Assert.False(BoundPorts.Has(1, port, isUdp));
        Assert.False(BoundPorts.Has(port, !isUdp));
    }

    [Theory]
    [InlineData("32768\t60999\n", 24_768, 32_767)]
    [InlineData("5000\t65535\n", 2000, 4999)]
    [InlineData("2100\t40000\n", 40_001, 65_535)]
    [InlineData("1024\t65535\n", 2000, 65_535)]
    public void They_lie_below_the_ephemeral_range_where_there_is_room(string ephemeral, int first, int last) =>
        Assert.Equal((first, last), ForeignPorts.Choose(ephemeral));
}
