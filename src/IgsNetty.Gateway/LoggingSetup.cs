using DotNetty.Common;
using DotNetty.Common.Internal.Logging;
using IgsNetty.Gateway.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Gateway;

/// <summary>Where log lines go: standard error, one line each, with the time in UTC. Standard output is for the ready line.</summary>
internal static class LoggingSetup
{
    /// <summary>How long the end of the program waits until standard error has taken what is queued.</summary>
    internal static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Call it before anything of DotNetty is touched: its loggers are static and take the factory they find. To dispose the factory
    /// writes what is queued.
    /// </summary>
    public static ILoggerFactory Create(Stream standardError)
    {
        ILoggerFactory factory = LoggerFactory.Create(logging => logging
            .SetMinimumLevel(LogLevel.Information)
            .AddFilter("DotNetty", LogLevel.Warning)
            .Services.AddSingleton<ILoggerProvider>(_ => new StandardErrorLogs(standardError, FlushLimit, TimeProvider.System)));
        InternalLoggerFactory.DefaultFactory = factory;

        // On by default in DotNetty, it takes a stack trace for a sample of all buffers. Tests turn it up instead.
        ResourceLeakDetector.Level = ResourceLeakDetector.DetectionLevel.Disabled;
        return factory;
    }
}
