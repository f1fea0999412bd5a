using IgsNetty.Transport.Tests.Harness;
using Xunit;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>What the queue of a socket held is handed over before its owner is called back.</summary>
public abstract class DatagramReadOutTests : DatagramTests
{
    // More than one turn takes.
    [Theory, InlineData(0), InlineData(1), InlineData(200)]
    public async Task It_comes_behind_all_that_the_queue_held(int count)
    {
        (IDatagramSocket socket, DatagramProbe probe) = Bind();
        DatagramPeer peer = Peer();
        await AssertWorksAsync(socket, probe, peer); // it is registered, and waits
        TaskCompletionSource<int> read = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using (await LoopHold.BeginAsync(Loop))
        {
            Loop.Execute(() => socket.ReadOut(() => read.SetResult(probe.Count - 1)));
            for (int i = 0; i < count; i++)
            {
                peer.Send(socket.Address, [(byte)i]);
            }
        }

        Assert.Equal(count, await read.Task.InTime("the callback"));
        await AssertWorksAsync(socket, probe, peer);
    }

    [Fact]
    public async Task A_flood_does_not_delay_it_forever()
    {
        (IDatagramSocket socket, DatagramProbe probe) = Bind();
        DatagramPeer peer = Peer();
        TaskCompletionSource<int> read = new(TaskCreationOptions.RunContinuationsAsynchronously);
        probe.On = _ =>
        {
            if (!read.Task.IsCompleted)
            {
                socket.Send(UdpAddress.FromEndPoint(socket.Address), [1]); // so that the queue is never empty
            }
        };
        using (await LoopHold.BeginAsync(Loop))
        {
            for (int i = 0; i < 100; i++)
            {
                peer.Send(socket.Address, [1]);
            }

            Loop.Execute(() => socket.ReadOut(() => read.SetResult(probe.Count)));
        }

        Assert.InRange(await read.Task.InTime("the callback"), 1000, 100_000);
    }

    [Fact]
    public async Task It_comes_at_once_from_a_socket_that_receives_nothing()
    {
        IDatagramSocket sender = Bind(handler: null);
        (IDatagramSocket closed, _) = Bind();
        closed.Close();
        Assert.Equal(2, await Loop.CallAsync(() =>
        {
            int calls = 0;
            sender.ReadOut(() => calls++);
            closed.ReadOut(() => calls++);
            return calls;
        }));
    }

    [Fact]
    public async Task The_socket_may_be_closed_by_it()
    {
        (IDatagramSocket socket, DatagramProbe probe) = Bind();
        DatagramPeer peer = Peer();
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using (await LoopHold.BeginAsync(Loop))
        {
            peer.Send(socket.Address, [1]);
            Loop.Execute(() => socket.ReadOut(() =>
            {
                socket.Close();
                closed.SetResult();
            }));
        }

        await closed.Task.InTime("the callback");
        await Loop.CallAsync(() => { });
        Assert.Equal(1, probe.Count);
    }
}
