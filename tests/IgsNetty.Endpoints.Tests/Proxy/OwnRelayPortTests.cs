using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using IgsNetty.Endpoints.Proxy;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Proxy;

/// <summary>Where there are users, each association has a port of its own, and one sender.</summary>
public sealed class OwnRelayPortTests : AssociationTest
{
    public OwnRelayPortTests()
    {
        Users = new Dictionary<string, string> { ["eve"] = "one", ["bob"] = "two" };
        Access = Udp.Allow("user:eve", "10.1.2.0/24");
    }

    [Fact]
    public void The_answer_names_it_and_the_number_of_the_proxy_has_no_UDP_port()
    {
        (_, FakeDatagramSocket relay) = Login("eve", "one");
        Assert.Equal(IPAddress.Parse("10.0.0.1"), relay.Address.Address);
        Assert.NotEqual(20304, relay.Address.Port);
        Assert.Null(Port.Datagrams);
        Assert.Single(Transport.Datagrams);
    }

    [Theory]
    [InlineData("0.0.0.0:0")]
    [InlineData("0.0.0.0:53")]
    [InlineData("192.168.0.7:53")]
    [InlineData("172.16.0.1:40000")]
    public void It_hears_its_first_sender_and_no_other(string stated)
    {
        (EmbeddedStreamSocket socket, FakeDatagramSocket relay) = Login("eve", "one", stated);
        Receive(relay, "192.168.0.8:40000", Target, 1);
        Receive(relay, Client, Target, 2);
        Receive(relay, "192.168.0.7:40001", Target, 3);
        Receive(relay, Client, Target, 4);
        FakeDatagramSocket replies = Last();
        Assert.Equal([$"{Target} 02", $"{Target} 04"], Sent(replies));
        replies.Receive(Udp.Address(Target), 5);
        Assert.Equal([Reply(Client, Target, 5)], Sent(relay));
        Assert.Equal((4, 2), (Totals.DatagramsFromCallers, Totals.DatagramsNotAllowed));
        Assert.True(socket.Active);
    }

    [Fact]
    public void Each_goes_under_the_rules_of_its_user()
    {
        (_, FakeDatagramSocket eve) = Login("eve", "one");
        (_, FakeDatagramSocket bob) = Login("bob", "two");
        Receive(eve, Client, Target, 1);
        FakeDatagramSocket replies = Last();
        Receive(bob, Client, Target, 2);
        Assert.Equal([$"{Target} 01"], Sent(replies));
        Assert.Equal(1, Totals.DatagramsNotAllowed);
        Assert.Contains(Log.Entries, entry => entry.Id.Id == 2204 && entry.Message.Contains("user:bob", StringComparison.Ordinal));
    }

    // Whoever was first, one of the two is not the client.
    [Fact]
    public void The_stated_port_ends_an_association_that_another_port_has_taken()
    {
        (EmbeddedStreamSocket socket, FakeDatagramSocket relay) = Login("eve", "one", Client);
        Receive(relay, "192.168.0.7:666", Target, 1);
        FakeDatagramSocket replies = Last();
        Assert.Equal([$"{Target} 01"], Sent(replies));
        Receive(relay, Client, Target, 2);
        Loop.RunTasks();
        Assert.True(socket.IsAborted);
        Assert.True(relay.IsClosed && replies.IsClosed);
        Assert.Equal(1, Totals.DatagramsNotAllowed);
        Assert.Contains(Log.Entries, entry => entry.Id.Id == 3301 && entry.Message.Contains(Client, StringComparison.Ordinal));
    }

    [Fact]
    public void The_port_that_it_stated_may_be_the_first()
    {
        (EmbeddedStreamSocket socket, FakeDatagramSocket relay) = Login("eve", "one", Client);
        Receive(relay, Client, Target, 1);
        Receive(relay, "192.168.0.7:666", Target, 2);
        Assert.Equal([$"{Target} 01"], Sent(Last()));
        Assert.True(socket.Active);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_ends_with_the_TCP_connection_behind_what_was_sent_before(bool isReset)
    {
        (EmbeddedStreamSocket socket, FakeDatagramSocket relay) = Login("eve", "one");
        relay.Queue(Udp.Address(Client), Datagram(Target, 1));
        if (isReset)
        {
            socket.ReceiveReset();
        }
        else
        {
            socket.ReceiveEnd();
        }

        Loop.RunTasks();
        Assert.Equal([$"{Target} 01"], Sent(Last()));
        Assert.True(relay.IsClosed && Last().IsClosed);
    }

    [Fact]
    public void A_range_is_used_up_before_a_client_is_refused()
    {
        UdpPorts = new UdpPortRange(20400, 20402);
        Transport.RefusesBoundPorts = true;
        EmbeddedStreamSocket[] sockets = [.. Enumerable.Range(0, 3).Select(_ => Login("eve", "one").Socket)];
        Assert.Equal([20400, 20401, 20402], Transport.Datagrams.Select(socket => socket.Address.Port).Order());
        AssertRefused("05010001000000000000");
        sockets[1].ReceiveEnd();
        Loop.RunTasks();
        Login("eve", "one");
    }

    [Fact]
    public void Without_a_port_a_client_is_refused()
    {
        Transport.BindError = SocketError.TooManyOpenSockets;
        AssertRefused("05010001000000000000");
    }

    private static void Receive(FakeDatagramSocket relay, string client, string target, params byte[] payload) =>
        relay.Receive(Udp.Address(client), Datagram(target, payload));

    private static byte[] Datagram(string target, params byte[] payload)
    {
        IPEndPoint address = IPEndPoint.Parse(target);
        return [0, 0, 0, 1, .. address.Address.GetAddressBytes(), (byte)(address.Port >> 8), (byte)address.Port, .. payload];
    }

    private FakeDatagramSocket Last() => Transport.Datagrams[^1];

    private void AssertRefused(string reply)
    {
        EmbeddedStreamSocket socket = Connect();
        Say(socket, Request("eve", "one", "0.0.0.0:0"));
        Assert.Equal("0502" + "0100" + reply, Convert.ToHexStringLower(socket.Output.Take()));
        Assert.True(socket.IsOutputShut);
    }

    private (EmbeddedStreamSocket Socket, FakeDatagramSocket Relay) Login(string user, string password, string stated = "0.0.0.0:0")
    {
        EmbeddedStreamSocket socket = Connect();
        Say(socket, Request(user, password, stated));
        FakeDatagramSocket relay = Last();
        byte[] answer = socket.Output.Take();
        Assert.Equal("0502" + "0100" + "050000010a000001", Convert.ToHexStringLower(answer[..^2]));
        Assert.Equal(relay.Address.Port, BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(answer.Length - 2)));
        return (socket, relay);
    }

    private static byte[] Request(string user, string password, string stated)
    {
        IPEndPoint address = IPEndPoint.Parse(stated);
        byte[] login = [1, (byte)user.Length, .. Encoding.ASCII.GetBytes(user), (byte)password.Length, .. Encoding.ASCII.GetBytes(password)];
        return [5, 1, 2, .. login, 5, 3, 0, 1, .. address.Address.GetAddressBytes(), (byte)(address.Port >> 8), (byte)address.Port];
    }
}
