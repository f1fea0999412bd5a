using DotNetty.Transport.Channels;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>Keeps a loop busy, so that what comes for it has to queue up in the kernel.</summary>
internal sealed class LoopHold : IDisposable
{
    private readonly ManualResetEventSlim _end = new();
    private readonly TaskCompletionSource _holding = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LoopHold()
    {
    }

    public static async Task<LoopHold> BeginAsync(IEventLoop loop)
    {
        LoopHold hold = new();
        loop.Execute(() =>
        {
            hold._holding.SetResult();
            hold._end.Wait(Waiting.Limit);
        });
        await hold._holding.Task.InTime("the hold of a loop");
        return hold;
    }

    /// <summary>Lets the loop go on. The event itself is left to the collector: the loop may still look at it.</summary>
    public void Dispose() => _end.Set();
}
