using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Transport.Tests.Harness;

/// <summary>
/// What DotNetty itself complains about: leaked buffers, tasks that threw on a loop, channels that would not close. It
/// tells nobody else of these.
/// </summary>
internal sealed class DotNettyLog : ILoggerFactory, ILogger
{
    // Of a machine, or a network namespace, that has only loopback. Channel IDs are random then.
    private const string NoNetworkCard = "Failed to find a usable hardware address";

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
        string message = formatter(state, exception);
        if (IsEnabled(logLevel) && !message.StartsWith(NoNetworkCard, StringComparison.Ordinal))
        {
            _complaints.Enqueue($"{logLevel}: {message} {exception}");
        }
    }
}
