using Microsoft.Extensions.Logging;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>The logger a transport is given; a test can wait for its first warning.</summary>
internal sealed class TestLog : ILogger
{
    private readonly TaskCompletionSource<string> _warning = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<string> Warning => _warning.Task;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Warning)
        {
            _warning.TrySetResult(formatter(state, exception));
        }
    }
}
