using IgsNetty.TestKit.Channels;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Proxy;

/// <summary>RFC 1928 §7: an association lives as long as its TCP connection.</summary>
public sealed class AssociationEndTests : AssociationTest
{
    public enum Way
    {
        Fin,
        Rst,
        Close,
    }

    [Theory]
    [InlineData(Way.Fin)]
    [InlineData(Way.Rst)]
    [InlineData(Way.Close)]
    public void With_it_everything_ends(Way way)
    {
        EmbeddedStreamSocket socket = Associate();
        Receive(Client, Target, 1);
        Assert.False(ReplyPort().IsClosed);
        End(socket, way);
        Assert.False(socket.Active);
        Assert.True(ReplyPort().IsClosed);
        Assert.Equal(0, Context.Links.Datagrams.Flows.Count);
        Receive(Client, Target, 2);
        Assert.Equal(1, ReplyPorts);
        Assert.Equal(1, Totals.DatagramsNotAllowed);
        Assert.False(Proxy.IsClosed);
    }

    [Theory]
    [InlineData(Way.Fin)]
    [InlineData(Way.Rst)]
    [InlineData(Way.Close)]
    public void One_that_never_sent_ends_too(Way way)
    {
        End(Associate(), way);
        Receive(Client, Target, 2);
        Assert.Equal(0, ReplyPorts);
        End(Associate(Client), way);
        Receive(Client, Target, 2);
        Assert.Equal(0, ReplyPorts);
    }

    [Theory]
    [InlineData(Way.Fin, true)]
    [InlineData(Way.Rst, true)]
    [InlineData(Way.Fin, false)]
    public void What_it_sent_before_its_end_is_relayed(Way way, bool hasSent)
    {
        EmbeddedStreamSocket socket = Associate();
        if (hasSent)
        {
            Receive(Client, Target, 1);
        }

        Queue(Client, Target, 2);
        Queue(Client, Target, 3);
        End(socket, way);
        string[] expected = [$"{Target} 01", $"{Target} 02", $"{Target} 03"];
        Assert.Equal(expected[(hasSent ? 0 : 1)..], Sent(ReplyPort()));
        Assert.True(ReplyPort().IsClosed);
        Receive(Client, Target, 4);
        Assert.Equal(1, Totals.DatagramsNotAllowed);
    }

    [Fact]
    public void Another_of_the_same_client_goes_on()
    {
        EmbeddedStreamSocket first = Associate();
        Associate();
        Receive("192.168.0.7:40001", Target, 1);
        Receive("192.168.0.7:40002", Target, 2);
        End(first, Way.Rst);
        Receive("192.168.0.7:40002", Target, 3);
        Assert.True(ReplyPort(0).IsClosed);
        Assert.Equal([$"{Target} 02", $"{Target} 03"], Sent(ReplyPort(1)));
    }

    [Fact]
    public void Flows_end_when_idle_and_the_association_opens_new_ones()
    {
        EmbeddedStreamSocket socket = Associate();
        Receive(Client, Target, 1);
        Loop.Advance(TimeSpan.FromSeconds(10));
        Assert.True(ReplyPort().IsClosed);
        Assert.True(socket.Active);
        Loop.Advance(TimeSpan.FromHours(1));
        Receive(Client, Target, 2);
        Assert.Equal([$"{Target} 02"], Sent(ReplyPort(1)));
        Assert.Equal((2, 1), (Totals.FlowsOpened, Totals.FlowsEnded));
    }

    [Fact]
    public void What_the_client_says_on_it_means_nothing()
    {
        EmbeddedStreamSocket socket = Associate();
        Say(socket, new byte[5000]);
        Say(socket, [5, 1, 0]);
        Assert.True(socket.Active);
        Assert.Empty(socket.Output.Take());
        Receive(Client, Target, 1);
        Assert.Equal([$"{Target} 01"], Sent(ReplyPort()));
    }

    [Fact]
    public void Bytes_right_behind_the_request_are_thrown_away()
    {
        EmbeddedStreamSocket socket = Connect();
        Say(socket, [5, 1, 0, 5, 3, 0, 1, 0, 0, 0, 0, 0, 0, 9, 9, 9]);
        Assert.Equal("0500" + "050000010a0000014f50", Convert.ToHexStringLower(socket.Output.Take()));
        Receive(Client, Target, 1);
        Assert.Equal(1, ReplyPorts);
    }

    [Fact]
    public void A_client_that_is_gone_before_the_answer()
    {
        EmbeddedStreamSocket socket = Connect();
        socket.Receive([5, 1, 0, 5, 3, 0, 1, 0, 0, 0, 0, 0, 0]);
        socket.ReceiveReset();
        Loop.RunTasks();
        Assert.False(socket.Active);
        Receive(Client, Target, 1);
        Assert.Equal(0, ReplyPorts);
    }

    [Fact]
    public void A_thousand_leave_nothing_behind()
    {
        for (int i = 0; i < 1000; i++)
        {
            EmbeddedStreamSocket socket = Associate();
            Receive($"192.168.0.7:{1000 + i}", Target, 1);
            End(socket, (Way)(i % 3));
        }

        Assert.Equal(1000, ReplyPorts);
        Assert.All(Transport.Datagrams.Skip(1), socket => Assert.True(socket.IsClosed));
        Assert.Equal(Totals.FlowsOpened, Totals.FlowsEnded);
        Receive("192.168.0.7:1999", Target, 1);
        Assert.Equal(1, Totals.DatagramsNotAllowed);
    }

    private void End(EmbeddedStreamSocket socket, Way way)
    {
        switch (way)
        {
            case Way.Fin:
                socket.ReceiveEnd();
                break;
            case Way.Rst:
                socket.ReceiveReset();
                break;
            default:
                _ = socket.CloseAsync();
                break;
        }

        Loop.RunTasks();
    }
}
