using System.Runtime.CompilerServices;
using DotNetty.Common;
using DotNetty.Common.Concurrency;

namespace IgsNetty.TestKit.Channels;

/// <summary>A task that a <see cref="ManualEventLoop"/> runs when its time has come to the deadline.</summary>
internal sealed class ManualTimer(Action action, TimeSpan due) : IScheduledTask
{
    private readonly System.Threading.Tasks.TaskCompletionSource _completion = new();

    public TimeSpan Due { get; } = due;

    public PreciseTimeSpan Deadline => PreciseTimeSpan.FromTimeSpan(Due);

    public Task Completion => _completion.Task;

    public bool IsCancelled => Completion.IsCanceled;

    public bool Cancel() => _completion.TrySetCanceled();

    public TaskAwaiter GetAwaiter() => Completion.GetAwaiter();

    public void Run()
    {
        if (!IsCancelled)
        {
            action();
            _completion.TrySetResult();
        }
    }
}
