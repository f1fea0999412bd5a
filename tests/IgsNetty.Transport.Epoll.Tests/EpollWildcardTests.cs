using System.Net;
using IgsNetty.Transport.Tests.Conformance;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Epoll.Tests;

/// <summary>A listener of all addresses answers from the one that was sent to.</summary>
public sealed class EpollWildcardTests : DatagramTests
{
    [Theory]
    [InlineData("0.0.0.0", "127.0.0.1 127.0.0.2 127.0.0.3")]
    [InlineData("::", "127.0.0.1 127.0.0.2 127.0.0.3")]
    [InlineData("::", "::1")]
    public async Task An_answer_comes_from_the_address_that_was_sent_to(string bound, string addresses)
    {
        (IDatagramSocket socket, DatagramProbe probe) = Bind(bound);
        IPEndPoint[] sentTo = [.. addresses.Split(' ').Select(address => new IPEndPoint(IPAddress.Parse(address), socket.Address.Port))];
        DatagramPeer peer = Peer(sentTo[0].Address.ToString());
        for (int round = 0; round < 3; round++)
        {
            foreach (IPEndPoint address in sentTo)
            {
                int before = probe.Count;
                peer.Send(address, [1]);
                UdpAddress source = (await probe.UntilReceivedAsync(before + 1))[before].Source;
                foreach (int size in new[] { 0, 1, 1400, 65507 })
                {
                    Assert.Equal(DatagramSend.Sent, socket.Send(source, new byte[size]));
                    Datagram answer = await peer.ReceiveAsync();
                    Assert.Equal(UdpAddress.FromEndPoint(address), answer.Source);
                    Assert.Equal(size, answer.Payload.Length);
                }
            }
        }

        Assert.Equal(sentTo.Length, probe.Received.Select(datagram => datagram.Source).Distinct().Count());
        Assert.Single(probe.Received.Select(datagram => datagram.Source.WithoutLocal()).Distinct());
    }

    [Fact]
    public async Task Another_socket_of_the_transport_answers_from_there_too()
    {
        (IDatagramSocket socket, DatagramProbe probe) = Bind("0.0.0.0");
        (IDatagramSocket other, DatagramProbe otherProbe) = Bind("0.0.0.0", Transport.Loops[1]);
        DatagramPeer peer = Peer();
        IPAddress address = IPAddress.Parse("127.0.0.7");
        peer.Send(new IPEndPoint(address, socket.Address.Port), [1]);
        UdpAddress source = (await probe.UntilReceivedAsync(1))[0].Source;
        Assert.Equal(DatagramSend.Sent, other.Send(source, [2]));
        IPEndPoint answered = (await peer.ReceiveAsync()).Source.ToEndPoint();
        Assert.Equal(new IPEndPoint(address, other.Address.Port), answered);
        peer.Send(answered, [3]);
        Assert.Equal(source, (await otherProbe.UntilReceivedAsync(1))[0].Source);
    }

    [Fact]
    public async Task Those_bound_to_one_address_or_to_none_by_name_tell_no_address()
    {
        DatagramProbe probe = new(Loop);
        IDatagramSocket unnamed = Transport.BindDatagrams(null, Loop, probe);
        AtEnd(unnamed.Close);
        (IDatagramSocket one, DatagramProbe oneProbe) = Bind();
        DatagramPeer peer = Peer();
        peer.Send(new IPEndPoint(IPAddress.Loopback, unnamed.Address.Port), [1]);
        peer.Send(one.Address, [1]);
        Assert.Equal(peer.Address, (await probe.UntilReceivedAsync(1))[0].Source);
        Assert.Equal(peer.Address, (await oneProbe.UntilReceivedAsync(1))[0].Source);
    }

    protected override ITransport CreateTransport(TransportSetup setup) => Conformance.EpollTransports.Create(setup);
}
