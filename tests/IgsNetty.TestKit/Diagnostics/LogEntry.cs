using Microsoft.Extensions.Logging;

namespace IgsNetty.TestKit.Diagnostics;

/// <summary>One line of a <see cref="CapturingLogger"/>.</summary>
public sealed record LogEntry(LogLevel Level, EventId Id, string Message, Exception? Exception);
