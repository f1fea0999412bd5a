using DotNetty.Transport.Channels;
using Xunit;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>Notes in which order DotNetty's writes complete, and how. Writes on the loop.</summary>
internal sealed class Promises(IChannel channel)
{
    private readonly List<int> _completed = [];
    private readonly List<Task> _all = [];

    public int Failed => _all.Count(task => task.IsFaulted || task.IsCanceled);

    public IReadOnlyList<int> Completed
    {
        get
        {
            lock (_completed)
            {
                return [.. _completed];
            }
        }
    }

    public void Write(object message)
    {
        int number = _all.Count;
        Task task = channel.WriteAsync(message);
        _all.Add(task);
        task.ContinueWith(_ => Note(number), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Each has completed, in the order of the writes: those that succeeded, and behind them those that failed.</summary>
    public async Task AssertAllCompletedAsync()
    {
        await Waiting.UntilAsync(() => Completed.Count == _all.Count, "all writes to complete");
        Assert.Equal(Enumerable.Range(0, _all.Count), Completed);
        int succeeded = _all.TakeWhile(task => task.IsCompletedSuccessfully).Count();
        Assert.Equal(_all.Count - succeeded, Failed);
    }

    private void Note(int number)
    {
        lock (_completed)
        {
            _completed.Add(number);
        }
    }
}
