using DotNetty.Common;
using DotNetty.Common.Internal.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace IgsNetty.Gateway;

/// <summary>Where log lines go: standard error, one line each, with the time in UTC. Standard output is for the ready line.</summary>
internal static class LoggingSetup
{
    /// <summary>Call it before anything of DotNetty is touched: its loggers are static and take the factory they find.</summary>
    public static ILoggerFactory Create()
    {
        ILoggerFactory factory = LoggerFactory.Create(logging => logging
            .SetMinimumLevel(LogLevel.Information)
            .AddFilter("DotNetty", LogLevel.Warning)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
                console.ColorBehavior = LoggerColorBehavior.Disabled;
            }));
        InternalLoggerFactory.DefaultFactory = factory;

        // On by default in DotNetty, it takes a stack trace for a sample of all buffers. Tests turn it up instead.
        ResourceLeakDetector.Level = ResourceLeakDetector.DetectionLevel.Disabled;
        return factory;
    }
}
