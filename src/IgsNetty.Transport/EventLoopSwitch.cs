using System.Runtime.CompilerServices;
using DotNetty.Transport.Channels;

namespace IgsNetty.Transport;

/// <summary>Moves the rest of an async method onto an event loop.</summary>
/// <remarks>
/// An async method that works for a loop awaits without <c>ConfigureAwait(false)</c>: the loop is the current scheduler of what
/// runs on it, and what it finishes itself goes on at once, where it is. With it, the rest would be sent to the thread pool and
/// from there back to the loop: two changes of thread for each await.
/// </remarks>
public static class EventLoopSwitch
{
    /// <summary>
    /// <c>await loop.SwitchTo();</c> stands after every await whose rest touches what the loop owns, so that nothing hangs
    /// on which scheduler happened to be current. Costs nothing when already on the loop.
    /// </summary>
    public static LoopAwaiter SwitchTo(this IEventLoop loop) => new(loop);

    /// <summary>Awaitable and awaiter in one.</summary>
    public readonly struct LoopAwaiter(IEventLoop loop) : INotifyCompletion
    {
        public bool IsCompleted => loop.InEventLoop;

        public LoopAwaiter GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => loop.Execute(continuation);
    }
}
