using System.Diagnostics;

namespace IgsNetty.Perf.Tests.Harness;

/// <summary>
/// Starts one process after the other until it is disposed. Each has, until it runs its program, a copy of every descriptor of the tests, so
/// epoll reports sockets that are closed here.
/// </summary>
internal sealed class StartingProcesses : IAsyncDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly Task _starting;

    public StartingProcesses() => _starting = Task.Factory.StartNew(
        () =>
        {
            while (!_over.IsCancellationRequested)
            {
                using Process process = Process.Start("/bin/true");
                process.WaitForExit();
            }
        },
        TaskCreationOptions.LongRunning);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _starting;
        _over.Dispose();
    }
}
