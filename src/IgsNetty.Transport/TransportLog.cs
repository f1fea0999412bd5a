using System.Net;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Transport;

/// <summary>Log messages of this project: ids 4000-4999.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(4001, LogLevel.Warning, "Listener {Address}: accepting pauses for a second: {Error}. Raise the limit of open files.")]
    public static partial void AcceptPaused(ILogger logger, IPEndPoint address, string error);

    [LoggerMessage(4002, LogLevel.Debug, "Listener {Address}: one accept failed: {Error}")]
    public static partial void AcceptFailed(ILogger logger, IPEndPoint address, string error);

    [LoggerMessage(4003, LogLevel.Error, "UDP socket {Address}: unexpected failure with one datagram, which is dropped")]
    public static partial void DatagramFailed(ILogger logger, Exception cause, IPEndPoint address);

    [LoggerMessage(4004, LogLevel.Error, "UDP socket {Address}: unexpected failure with a report of what was not delivered")]
    public static partial void ReportFailed(ILogger logger, Exception cause, IPEndPoint address);

    [LoggerMessage(4005, LogLevel.Error, "UDP socket {Address}: nothing that comes is received: {Error}")]
    public static partial void DatagramsUnheard(ILogger logger, IPEndPoint address, string error);
}
