using Microsoft.Extensions.Logging;

namespace IgsNetty.Gateway.Logging;

/// <summary>The log on standard error. It blocks no event loop, whoever reads it or not (docs/adr/0023).</summary>
internal sealed class StandardErrorLogs : ILoggerProvider
{
    private readonly TimeProvider _time;
    private readonly LogQueue _queue;

    /// <param name="stream">Standard error.</param>
    /// <param name="flushLimit">How long the end may wait for a reader.</param>
    /// <param name="time">The time of the lines.</param>
    public StandardErrorLogs(Stream stream, TimeSpan flushLimit, TimeProvider time)
    {
        _time = time;
        _queue = new LogQueue(stream, DroppedNotice, flushLimit);
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() => _queue.Dispose();

    private string DroppedNotice(long count) => LogLine.Format(
        _time.GetUtcNow(),
        LogLevel.Warning,
        "IgsNetty.Gateway",
        GatewayLog.LinesDroppedId,
        $"{count} log {(count == 1 ? "line was" : "lines were")} dropped while standard error was not read or could not be written");

    private sealed class Logger(StandardErrorLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            logs._queue.Add(LogLine.Format(logs._time.GetUtcNow(), logLevel, category, eventId.Id, formatter(state, exception), exception));
    }
}
