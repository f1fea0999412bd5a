using System.Net;
using System.Net.Sockets;
using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>Closing, at any moment and from anywhere.</summary>
public abstract class DatagramCloseTests : DatagramTests
{
    [Theory, InlineData("127.0.0.1", true), InlineData("::1", true), InlineData("::", true), InlineData("127.0.0.1", false)]
    public async Task The_port_is_free_and_can_be_bound_again(string bound, bool withHandler)
    {
        IDatagramSocket socket = Bind(withHandler ? new DatagramProbe(Loop) : null, bound);
        IPEndPoint address = socket.Address;
        for (int i = 0; i < 100; i++)
        {
            if (i % 2 == 0)
            {
                await Loop.CallAsync(() => { }); // by now it waits
            }

            socket.Close();
            AssertFree(address);
            socket = Transport.BindDatagrams(address, Loop, withHandler ? new DatagramProbe(Loop) : null);
            AtEnd(socket.Close);
        }
    }

    [Fact]
    public async Task Closing_twice_and_from_many_threads_does_no_harm()
    {
        for (int i = 0; i < 50; i++)
        {
            (IDatagramSocket socket, _) = Bind();
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(socket.Close))).InTime();
            socket.Close();
            await Loop.CallAsync(socket.Close);
            AssertFree(socket.Address);
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Nothing_comes_after_a_close_on_the_loop(bool insideHandler)
    {
        (IDatagramSocket socket, DatagramProbe probe) = Bind();
        DatagramPeer peer = Peer();
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int calls = 0;
        probe.On = _ =>
        {
            if (++calls == 5 && insideHandler)
            {
                socket.Close();
                AssertFree(socket.Address);
                closed.SetResult();
            }
        };
        using (await LoopHold.BeginAsync(Loop))
        {
            for (int i = 0; i < 100; i++)
            {
                peer.Send(socket.Address, new byte[i]);
            }

            if (!insideHandler)
            {
                Loop.Execute(() =>
                {
                    socket.Close();
                    closed.SetResult();
                });
            }
        }

        await closed.Task.InTime();
        int atClose = probe.Count;
        await SettleAsync();
        Assert.Equal(insideHandler ? 5 : atClose, probe.Count);
    }

    [Fact]
    public async Task Closing_while_datagrams_pour_in_and_out_frees_the_port()
    {
        UdpAddress closed = ClosedPort();
        for (int i = 0; i < 30; i++)
        {
            (IDatagramSocket socket, DatagramProbe probe) = Bind(i % 2 == 0 ? "127.0.0.1" : "::");
            IPEndPoint address = new(IPAddress.Loopback, socket.Address.Port);
            using DatagramFlood flood = new(address);
            Task[] sending = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() => SendUntilClosed(socket, closed)))];
            await probe.UntilReceivedAsync(20);
            if (i % 3 == 0)
            {
                await Loop.CallAsync(socket.Close);
            }
            else
            {
                socket.Close();
            }

            AssertFree(socket.Address);
            await Task.WhenAll(sending).InTime();
        }
    }

    [Fact]
    public async Task A_closed_socket_sends_nothing()
    {
        (IDatagramSocket socket, _) = Bind();
        IDatagramSocket mute = Bind((IDatagramHandler?)null);
        DatagramPeer peer = Peer();
        socket.Close();
        mute.Close();
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(DatagramSend.Unreachable, socket.Send(peer.Address, [1, 2, 3]));
            Assert.Equal(DatagramSend.Unreachable, mute.Send(peer.Address, [1, 2, 3]));
        }

        (IDatagramSocket other, DatagramProbe probe) = Bind();
        await AssertWorksAsync(other, probe, peer); // the peer got this, and nothing before it
    }

    [Fact]
    public async Task The_address_can_be_read_after_the_close()
    {
        (IDatagramSocket socket, _) = Bind();
        IPEndPoint before = socket.Address;
        await Loop.CallAsync(socket.Close);
        Assert.Equal(before, socket.Address);
    }

    private static void SendUntilClosed(IDatagramSocket socket, UdpAddress destination)
    {
        while (socket.Send(destination, new byte[100]) != DatagramSend.Unreachable)
        {
        }
    }

    // With the close only a call into the kernel ends that was under way: since Linux 6.10 the epoll of another thread, when
    // it looks at the socket just then, is the last to let go of it. So this asks again for a moment.
    private static void AssertFree(IPEndPoint address) =>
        Assert.True(SpinWait.SpinUntil(() => IsFree(address), Waiting.Limit), $"{address} is still taken");

    private static bool IsFree(IPEndPoint address)
    {
        using Socket socket = new(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(address);
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
