using System.Net;
using DotNetty.Buffers;
using IgsNetty.Endpoints.Trust;
using IgsNetty.Relay;
using IgsNetty.TestKit.Channels;
using IgsNetty.TestKit.Relay;
using Xunit;

namespace IgsNetty.Endpoints.Tests.Trust;

public sealed class HandshakeGateTests
{
    private readonly ManualEventLoop _loop = new();
    private readonly RelayLoop _relayLoop;

    public HandshakeGateTests() => _relayLoop = Udp.Loop(_loop, Udp.Context(new FakeTransport()));

    [Fact]
    public void Over_the_number_of_one_address_its_oldest_goes()
    {
        HandshakeGate gate = new(100, 2);
        EmbeddedStreamSocket first = Enter(gate, "10.0.0.1"), second = Enter(gate, "10.0.0.1"), other = Enter(gate, "10.0.0.2");

        EmbeddedStreamSocket third = Enter(gate, "10.0.0.1");

        Assert.True(first.IsAborted);
        Assert.All([second, third, other], socket => Assert.False(socket.IsAborted));
        Assert.Equal(3, gate.Count);
        Assert.Equal(1, _relayLoop.Totals.HandshakesEvicted);
    }

    [Fact]
    public void Over_the_number_in_all_the_oldest_of_all_goes()
    {
        HandshakeGate gate = new(2, 100);
        EmbeddedStreamSocket first = Enter(gate, "10.0.0.1"), second = Enter(gate, "10.0.0.2");

        EmbeddedStreamSocket third = Enter(gate, "10.0.0.3");

        Assert.True(first.IsAborted);
        Assert.All([second, third], socket => Assert.False(socket.IsAborted));
        Assert.Equal(2, gate.Count);
    }

    [Fact]
    public void Whoever_has_left_makes_room()
    {
        HandshakeGate gate = new(1, 1);
        EmbeddedStreamSocket first = NewSocket("10.0.0.1");
        HandshakePass pass = gate.Enter(first, _relayLoop);
        pass.Leave();
        pass.Leave();
        Assert.Equal(0, gate.Count);

        Enter(gate, "10.0.0.1");

        Assert.False(first.IsAborted);
        Assert.Equal(1, gate.Count);
    }

    [Fact]
    public void One_that_failed_counts_until_it_is_closed()
    {
        HandshakeGate gate = new(10, 10);
        EmbeddedStreamSocket socket = NewSocket("10.0.0.1");
        gate.Enter(socket, _relayLoop).LeaveWhenClosed();
        Assert.Equal(1, gate.Count);

        _ = socket.CloseAsync();
        _loop.RunTasks();

        Assert.Equal(0, gate.Count);
    }

    [Fact]
    public void One_that_is_not_on_its_loop_yet_is_reset_when_it_is()
    {
        HandshakeGate gate = new(1, 1);
        EmbeddedStreamSocket first = new(_loop, UnpooledByteBufferAllocator.Default, register: false);
        gate.Enter(first, _relayLoop);
        gate.Enter(NewSocket("10.0.0.2"), _relayLoop);
        _loop.RegisterAsync(first);
        _loop.RunTasks();
        Assert.True(first.IsAborted);
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    [InlineData("10.0.0.1", "::ffff:10.0.0.1", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    [InlineData("::1", "::2", false)]
    public void An_IPv6_host_has_all_of_its_prefix(string one, string other, bool isOne) =>
        Assert.Equal(isOne, Key(one).Equals(Key(other)));

    private static IPAddress Key(string address) => ClientKey.Of(new IPEndPoint(IPAddress.Parse(address), 1));

    private EmbeddedStreamSocket Enter(HandshakeGate gate, string address)
    {
        EmbeddedStreamSocket socket = NewSocket(address);
        gate.Enter(socket, _relayLoop);
        _loop.RunTasks();
        return socket;
    }

    private EmbeddedStreamSocket NewSocket(string address) =>
        new(_loop, UnpooledByteBufferAllocator.Default) { ConnectedTo = new IPEndPoint(IPAddress.Parse(address), 40_000) };
}
