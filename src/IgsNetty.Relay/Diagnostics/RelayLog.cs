using System.Net;
using IgsNetty.Protocol.Values;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Relay;

/// <summary>Log messages of this project: ids 2000-2999.</summary>
internal static partial class RelayLog
{
    [LoggerMessage(2001, LogLevel.Information, "Link to {Peer} is up ({How}, {Address})")]
    public static partial void LinkUp(ILogger logger, string peer, string how, EndPoint? address);

    [LoggerMessage(2002, LogLevel.Warning, "Link to {Peer} is lost: {Why}; {Streams} streams are reset")]
    public static partial void LinkLost(ILogger logger, string peer, string why, int streams);

    [LoggerMessage(2003, LogLevel.Error, "Link to {Peer} is cut: no answer to {Checks} keep-alive checks; {Streams} streams are reset")]
    public static partial void KeepAliveFailed(ILogger logger, string peer, int checks, int streams);

    [LoggerMessage(2004, LogLevel.Error, "Link to {Peer} is closed, it broke the protocol: {Reason}: {Detail}")]
    public static partial void Breach(ILogger logger, string peer, GoAwayReason reason, string detail);

    [LoggerMessage(2005, LogLevel.Information, "Peer {Peer} goes away: {Reason} {Text}")]
    public static partial void PeerGoesAway(ILogger logger, string peer, GoAwayReason reason, string text);

    [LoggerMessage(2006, LogLevel.Warning, "Peer {Peer} closes the link: {Reason}: {Text}")]
    public static partial void PeerRefuses(ILogger logger, string peer, GoAwayReason reason, string text);

    [LoggerMessage(2101, LogLevel.Information, "Peer {Peer}, stream {Stream}: open of {Target} refused: {Reason}")]
    public static partial void OpenRefused(ILogger logger, string peer, uint stream, TargetAddress target, ResetReason reason);

    [LoggerMessage(2102, LogLevel.Warning, "Peer {Peer}, stream {Stream}: reset, Limits:MemoryMiB is used up by slow readers")]
    public static partial void OutOfMemory(ILogger logger, string peer, uint stream);

    [LoggerMessage(2103, LogLevel.Error, "Peer {Peer}, stream {Stream}: unexpected failure, the stream is reset")]
    public static partial void StreamFailed(ILogger logger, Exception cause, string peer, uint stream);
}
