using System.Text;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Proxy;

/// <summary>Datagrams of an association go under the rules of its user, also where all users share a port.</summary>
public sealed class AssociationUserTests : AssociationTest
{
    public AssociationUserTests()
    {
        Users = new Dictionary<string, string> { ["eve"] = "one", ["bob"] = "two" };
        Access = Udp.Allow("user:eve", "10.1.2.0/24");
        SharesUdpPort = true;
    }

    [Theory]
    [InlineData(10)]
    [InlineData(0)]
    public void Each_user_has_its_own(int timeout)
    {
        Login("eve", "one", 40_001, timeout);
        Login("bob", "two", 40_002, timeout);
        Receive("192.168.0.7:40001", Target, 1);
        Receive("192.168.0.7:40002", Target, 2);
        Receive("192.168.0.7:40001", "10.9.9.9:53", 3);
        Assert.Equal([$"{Target} 01"], Sent(Assert.Single(Transport.Datagrams.Skip(1))));
        Assert.Equal(2, Totals.DatagramsNotAllowed);
        Assert.Contains(Log.Entries, entry => entry.Id.Id == 2204 && entry.Message.Contains("user:bob", StringComparison.Ordinal));
    }

    [Fact]
    public void An_address_that_another_users_association_sends_from_is_refused()
    {
        Login("eve", "one", 40_001, 10);
        Receive("192.168.0.7:40001", Target, 1);
        EmbeddedStreamSocket refused = Login("bob", "two", 40_001, 10, "05020001000000000000");
        Assert.True(refused.IsOutputShut);
        Receive("192.168.0.7:40001", Target, 2);
        Assert.Equal([$"{Target} 01", $"{Target} 02"], Sent(ReplyPort()));
        Login("eve", "one", 40_001, 10);
        Receive("192.168.0.7:40001", Target, 3);
        Assert.Equal([$"{Target} 03"], Sent(ReplyPort(1)));
    }

    [Fact]
    public void The_stated_port_ends_an_association_that_another_port_has_taken()
    {
        EmbeddedStreamSocket socket = Login("eve", "one", 40_001, 10);
        Receive("192.168.0.7:666", Target, 1);
        Assert.Equal([$"{Target} 01"], Sent(ReplyPort()));
        Receive("192.168.0.7:40001", Target, 2);
        Loop.RunTasks();
        Assert.True(socket.IsAborted);
        Assert.True(ReplyPort().IsClosed);
        Receive("192.168.0.7:666", Target, 3);
        Assert.Equal((1, 2), (ReplyPorts, (int)Totals.DatagramsNotAllowed));
        Assert.Contains(Log.Entries, entry => entry.Id.Id == 3301 && entry.Message.Contains("192.168.0.7:40001", StringComparison.Ordinal));
    }

    private EmbeddedStreamSocket Login(string user, string password, int port, int timeout, string reply = "050000010a0000014f50")
    {
        EmbeddedStreamSocket socket = Connect();
        byte[] login = [1, (byte)user.Length, .. Encoding.ASCII.GetBytes(user), (byte)password.Length, .. Encoding.ASCII.GetBytes(password)];
        Say(socket, [5, 2, 2, 0x9B, 1, 1, 1, 2, 0, (byte)timeout, .. login, 5, 3, 0, 1, 0, 0, 0, 0, (byte)(port >> 8), (byte)port]);
        Assert.Equal("059b" + "0102" + "0100" + reply, Convert.ToHexStringLower(socket.Output.Take()));
        return socket;
    }
}
