using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>
/// What DotNetty itself complains about: leaked buffers, tasks that threw on a loop, channels that would not close. It
/// tells nobody else of these.
/// </summary>
internal sealed class DotNettyLog : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<string> _complaints = new();

    private DotNettyLog()
    {
    }

    public static DotNettyLog Instance { get; } = new();

    /// <summary>Complaints since the last call.</summary>
    public IReadOnlyList<string> Take()
    {
        List<string> taken = [];
        while (_complaints.TryDequeue(out string? complaint))
        {
            taken.Add(complaint);
        }

        return taken;
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _complaints.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
        }
    }
}
