using System.Net;
using IgsNetty.Protocol.Values;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Endpoints;

/// <summary>Log messages of this project: ids 3000-3999.</summary>
internal static partial class EndpointLog
{
    [LoggerMessage(3001, LogLevel.Warning, "Dialling {Peer} at {Address}: {Error}; next attempt in {Seconds:0.0} s")]
    public static partial void DialFailed(ILogger logger, string peer, TargetAddress address, string error, double seconds);

    [LoggerMessage(3002, LogLevel.Warning, "Link from {Address} refused: {Error} ({More} more like this before)")]
    public static partial void LinkRefused(ILogger logger, EndPoint? address, string error, int more);

    [LoggerMessage(3003, LogLevel.Error, "Dialling {Peer}: unexpected failure; dialling goes on")]
    public static partial void DialBroken(ILogger logger, Exception cause, string peer);

    [LoggerMessage(3101, LogLevel.Information, "Caller {Caller} may not open {Target}: {Why}. This entry of Allow would let it: {Entry} ({More} more like this before)")]
    public static partial void NotAllowed(ILogger logger, string caller, TargetAddress target, string why, string entry, int more);

    [LoggerMessage(3102, LogLevel.Information, "Target {Target} for {Caller} cannot be reached: {Reason} ({More} more like this before)")]
    public static partial void TargetUnreachable(ILogger logger, TargetAddress target, string caller, ResetReason reason, int more);

    [LoggerMessage(3201, LogLevel.Information, "Call from {Caller} to {Target} failed: {Reason} ({Via}) ({More} more like this before)")]
    public static partial void CallFailed(ILogger logger, EndPoint? caller, TargetAddress target, ResetReason reason, string via, int more);

    [LoggerMessage(3202, LogLevel.Error, "Call from {Caller} to {Target}: unexpected failure, the caller is reset")]
    public static partial void CallBroken(ILogger logger, Exception cause, EndPoint? caller, TargetAddress target);

    [LoggerMessage(3301, LogLevel.Information, "Proxy caller {Address} is turned away: {Why} ({More} more like this before)")]
    public static partial void ProxyCallerRefused(ILogger logger, EndPoint? address, string why, int more);
}
