using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>Datagrams there and back: addresses and sizes.</summary>
public abstract class DatagramRoundTripTests : DatagramTests
{
    public static TheoryData<string, string, int> FamiliesAndSizes
    {
        get
        {
            TheoryData<string, string, int> all = [];
            foreach (object[] family in Families)
            {
                foreach (int size in new[] { 0, 1, 1472, 9000, 65507 })
                {
                    all.Add((string)family[0], (string)family[1], size);
                }
            }

            return all;
        }
    }

    [Theory, MemberData(nameof(FamiliesAndSizes))]
    public async Task A_datagram_of_any_size_goes_there_and_back(string bound, string from, int size)
    {
        (IDatagramSocket socket, DatagramProbe probe) = Bind(bound);
        await AssertWorksAsync(socket, probe, Peer(from), size);
    }

    [Fact]
    public async Task A_socket_of_both_families_shows_an_IPv4_sender_as_such_and_serves_many()
    {
        (IDatagramSocket socket, DatagramProbe probe) = Bind("::");
        DatagramPeer four = Peer("127.0.0.1");
        DatagramPeer six = Peer("::1");
        for (int i = 0; i < 10; i++)
        {
            await AssertWorksAsync(socket, probe, four);
            await AssertWorksAsync(socket, probe, six);
        }

        Assert.All(probe.Received, (datagram, i) => Assert.Equal(i % 2 == 0, datagram.Source.IsIPv4));
        Assert.Equal(four.Local, probe.Received[0].Source.ToEndPoint());
        Assert.Equal(six.Local, probe.Received[1].Source.ToEndPoint());
    }

    [Theory, InlineData("127.0.0.1"), InlineData("::1"), InlineData("::")]
    public void The_address_is_the_one_asked_for_with_the_real_port(string bound)
    {
        (IDatagramSocket socket, _) = Bind(bound);
        Assert.Equal(IPAddress.Parse(bound), socket.Address.Address);
        Assert.NotEqual(0, socket.Address.Port);
    }

    [Fact]
    public async Task A_given_port_is_the_one_that_is_bound()
    {
        DatagramProbe probe = new(Loop);
        IDatagramSocket? socket = null;
        IPEndPoint? free = null;
        await Waiting.UntilAsync(
            () =>
            {
                using (DatagramPeer first = new())
                {
                    free = first.Local;
                }

                try
                {
                    socket = Transport.BindDatagrams(free, Loop, probe);
                    return true;
                }
                catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
                {
                    return false; // another program was quicker
                }
            },
            "a free port");
        AtEnd(socket!.Close);
        Assert.Equal(free, socket.Address);
        await AssertWorksAsync(socket, probe, Peer());
    }

    // A machine without such an address has nothing to show here.
    [Fact]
    public async Task The_zone_of_a_link_local_sender_is_told_and_leads_back()
    {
        foreach (string address in LinkLocal())
        {
            (IDatagramSocket socket, DatagramProbe probe) = Bind("::");
            DatagramPeer peer = Peer(address);
            await AssertWorksAsync(socket, probe, peer);
            Assert.Equal((uint)peer.Local.Address.ScopeId, probe.Received[0].Source.Scope);
            Assert.NotEqual(0u, probe.Received[0].Source.Scope);
        }
    }

    [Fact]
    public async Task Two_sockets_talk_to_each_other_across_loops()
    {
        (IDatagramSocket one, DatagramProbe ofOne) = Bind(loop: Transport.Loops[0]);
        (IDatagramSocket other, DatagramProbe ofOther) = Bind("::", Transport.Loops[1]);
        ofOther.On = datagram => other.Send(datagram.Source, datagram.Payload);
        UdpAddress to = UdpAddress.FromIP(IPAddress.Loopback, other.Address.Port);
        for (int i = 0; i < 200; i++)
        {
            byte[] payload = Bytes.Random(i * 7, seed: i);
            Assert.Equal(DatagramSend.Sent, one.Send(to, payload));
            Datagram echo = (await ofOne.UntilReceivedAsync(i + 1))[i];
            Bytes.AssertSame(payload, echo.Payload);
            Assert.Equal(to, echo.Source);
        }
    }

    private static IEnumerable<string> LinkLocal() =>
        from network in NetworkInterface.GetAllNetworkInterfaces()
        where network.OperationalStatus == OperationalStatus.Up
        from address in network.GetIPProperties().UnicastAddresses
        where address.Address.AddressFamily == AddressFamily.InterNetworkV6 && address.Address.IsIPv6LinkLocal
        select address.Address.ToString();
}
