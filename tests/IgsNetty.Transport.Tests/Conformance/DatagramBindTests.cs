using System.Net;
using System.Net.Sockets;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>Binding, and what cannot be bound.</summary>
public abstract class DatagramBindTests : DatagramTests
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task A_port_that_is_taken_is_an_error_and_leaves_no_socket(bool withHandler)
    {
        DatagramPeer owner = Peer();
        await AssertFailsAsync(SocketError.AddressAlreadyInUse, owner.Local, withHandler);
        (IDatagramSocket socket, DatagramProbe probe) = Bind();
        await AssertFailsAsync(SocketError.AddressAlreadyInUse, socket.Address, withHandler);
        await AssertWorksAsync(socket, probe, owner);
    }

    [Theory, InlineData("203.0.113.1"), InlineData("2001:db8::1")]
    public async Task An_address_of_someone_else_is_an_error_and_leaves_no_socket(string address)
    {
        await AssertFailsAsync(SocketError.AddressNotAvailable, new IPEndPoint(IPAddress.Parse(address), 0), withHandler: true);
        await AssertFailsAsync(SocketError.AddressNotAvailable, new IPEndPoint(IPAddress.Parse(address), 0), withHandler: false);
    }

    [Fact]
    public async Task A_socket_of_both_families_takes_the_port_of_both()
    {
        (IDatagramSocket socket, _) = Bind("::");
        await AssertFailsAsync(SocketError.AddressAlreadyInUse, new IPEndPoint(IPAddress.Any, socket.Address.Port), withHandler: true);
        await AssertFailsAsync(SocketError.AddressAlreadyInUse, new IPEndPoint(IPAddress.IPv6Loopback, socket.Address.Port), withHandler: true);
    }

    [LinuxFact]
    public void Running_out_of_descriptors_is_an_error()
    {
        DatagramProbe probe = new(Loop);

        // Nothing may need a descriptor for the first time during the famine, so both outcomes are seen before.
        IPEndPoint taken = Bind(probe).Address;
        Assert.Throws<SocketException>(() => Transport.BindDatagrams(taken, Loop, probe));
        new DescriptorFamine().Dispose();
        SocketException error;
        using (new DescriptorFamine())
        {
            error = Assert.Throws<SocketException>(() => Transport.BindDatagrams(Loopback(), Loop, probe));
        }

        Assert.Equal(SocketError.TooManyOpenSockets, error.SocketErrorCode);
        Bind(probe);
    }

    private async Task AssertFailsAsync(SocketError expected, IPEndPoint address, bool withHandler)
    {
        int sockets = Descriptors.CountSockets();
        for (int i = 0; i < 50; i++)
        {
            SocketException error = Assert.Throws<SocketException>(
                () => Transport.BindDatagrams(address, Loop, withHandler ? new DatagramProbe(Loop) : null));
            Assert.Equal(expected, error.SocketErrorCode);
        }

        await Descriptors.UntilSocketsAsync(sockets);
    }
}
