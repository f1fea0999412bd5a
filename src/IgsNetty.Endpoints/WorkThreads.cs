namespace IgsNetty.Endpoints;

/// <summary>
/// Threads for work that computes or blocks for long, so that nothing else waits behind it. They start when there is work and end
/// when there has been none for a while. Thread-safe.
/// </summary>
/// <param name="name">Of the threads.</param>
/// <param name="threads">The most there are at a time.</param>
internal sealed class WorkThreads(string name, int threads)
{
    private const int StackBytes = 256 * 1024;
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(10);

    private readonly Queue<Action> _work = new(); // also the lock
    private int _running;
    private int _idle;

    /// <summary>Runs the work on a thread of these. The order is that of the calls.</summary>
    /// <returns>Completes on another thread with what the work returns or throws.</returns>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        TaskCompletionSource<T> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isNew;
        lock (_work)
        {
            _work.Enqueue(() => Run(work, result));
            isNew = _idle < _work.Count && _running < threads;
            _running += isNew ? 1 : 0;
            Monitor.Pulse(_work);
        }

        if (isNew)
        {
            new Thread(Work, StackBytes) { IsBackground = true, Name = name }.Start();
        }

        return result.Task;
    }

    private static void Run<T>(Func<T> work, TaskCompletionSource<T> result)
    {
        try
        {
            result.SetResult(work());
        }
        catch (Exception e)
        {
            result.SetException(e);
        }
    }

    private void Work()
    {
        while (TryTake(out Action work))
        {
            work();
        }
    }

    private bool TryTake(out Action work)
    {
        lock (_work)
        {
            _idle++;
            bool isOver = false;
            while (_work.Count == 0 && !isOver)
            {
                isOver = !Monitor.Wait(_work, IdleLimit);
            }

            _idle--;
            bool hasWork = _work.TryDequeue(out work!);
            _running -= hasWork ? 0 : 1;
            return hasWork;
        }
    }
}
