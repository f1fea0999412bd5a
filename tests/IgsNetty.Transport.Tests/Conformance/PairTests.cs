using System.Collections.Concurrent;
using System.Net;
using DotNetty.Transport.Channels;
using IgsNetty.Transport.Tests.Harness;

namespace IgsNetty.Transport.Tests.Conformance;

/// <summary>What the suites share that have a channel of the transport at both ends of their connections.</summary>
public abstract class PairTests : TransportTests
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<IStreamSocket>> _accepted = new();
    private readonly ConcurrentBag<StreamEnd> _ends = [];
    private IListener? _listener;

    private protected PairTests() => AtEndAsync(CloseAllAsync);

    private protected IListener Listener => _listener ??= Listen(
        Loopback(), (socket, _) => Accepted(((IPEndPoint)socket.Channel.RemoteAddress).Port).SetResult(socket));

    private protected async Task<(StreamEnd Caller, StreamEnd Callee)> OpenAsync(IEventLoop callerLoop, IEventLoop calleeLoop)
    {
        IStreamSocket caller = await Transport.ConnectAsync(Listener.Address, callerLoop, CancellationToken.None).InTime();
        int port = ((IPEndPoint)caller.Channel.LocalAddress).Port;
        IStreamSocket callee = await Accepted(port).Task.InTime("the other end");
        _accepted.TryRemove(port, out _);
        StreamEnd near = new(caller, new Probe());
        StreamEnd far = new(callee, new Probe());
        _ends.Add(near);
        _ends.Add(far);
        await near.Loop.CallAsync(() => { caller.Channel.Pipeline.AddLast(near.Probe); });
        callee.Channel.Pipeline.AddLast(far.Probe);
        await calleeLoop.RegisterAsync(callee.Channel).InTime();
        return (near, far);
    }

    /// <summary>The loops take turns: some pairs have one loop for both ends, some two.</summary>
    private protected Task<(StreamEnd Caller, StreamEnd Callee)> OpenAsync(int number = 0) =>
        OpenAsync(Transport.Loops[number % 2], Transport.Loops[number / 2 % 2]);

    private protected async Task CloseAllAsync()
    {
        while (_ends.TryTake(out StreamEnd? end))
        {
            await end.Channel.CloseAsync().InTime("a channel's close");
            await end.Channel.CloseCompletion.InTime("a channel's end");
            end.Probe.AssertOnLoopOnly();
        }
    }

    private TaskCompletionSource<IStreamSocket> Accepted(int port) =>
        _accepted.GetOrAdd(port, _ => new TaskCompletionSource<IStreamSocket>(TaskCreationOptions.RunContinuationsAsynchronously));
}
