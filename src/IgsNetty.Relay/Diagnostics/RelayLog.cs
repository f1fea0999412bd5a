using System.Net;
using IgsNetty.Protocol.Values;
using IgsNetty.Transport;
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

    [LoggerMessage(2004, LogLevel.Error, "Link to {Peer} is closed, it broke the protocol: {Reason}: {Detail} ({More} more like this before)")]
    public static partial void Breach(ILogger logger, string peer, GoAwayReason reason, string detail, int more);

    [LoggerMessage(2005, LogLevel.Information, "Peer {Peer} goes away: {Reason} {Text}")]
    public static partial void PeerGoesAway(ILogger logger, string peer, GoAwayReason reason, string text);

    [LoggerMessage(2006, LogLevel.Warning, "Peer {Peer} closes the link: {Reason}: {Text}")]
    public static partial void PeerRefuses(ILogger logger, string peer, GoAwayReason reason, string text);

    [LoggerMessage(2007, LogLevel.Information, "TLS with {Address}: {Protocol}, {Cipher}; its certificate is for {Names}, SHA-256 {Fingerprint}")]
    public static partial void Proven(ILogger logger, EndPoint? address, string protocol, string cipher, string names, string fingerprint);

    [LoggerMessage(2008, LogLevel.Warning, "Peer {Peer} dials again and again: {Count} messages about its links are left out")]
    public static partial void Untold(ILogger logger, string peer, int count);

    [LoggerMessage(2101, LogLevel.Information, "Peer {Peer}, stream {Stream}: open of {Target} refused: {Reason} ({More} more like this before)")]
    public static partial void OpenRefused(ILogger logger, string peer, uint stream, TargetAddress target, ResetReason reason, int more);

    [LoggerMessage(2102, LogLevel.Warning, "Peer {Peer}, stream {Stream}: reset, Limits:MemoryMiB is used up by slow readers ({More} more like this before)")]
    public static partial void OutOfMemory(ILogger logger, string peer, uint stream, int more);

    [LoggerMessage(2104, LogLevel.Warning, "Peer {Peer}, stream {Stream}: reset, the process has no memory left; lower Limits:MemoryMiB or give it more ({More} more like this before)")]
    public static partial void NoMemory(ILogger logger, string peer, uint stream, int more);

    [LoggerMessage(2103, LogLevel.Error, "Peer {Peer}, stream {Stream}: unexpected failure, the stream is reset")]
    public static partial void StreamFailed(ILogger logger, Exception cause, string peer, uint stream);

    [LoggerMessage(2201, LogLevel.Information, "UDP flow of {Client} to {Target}: {Reason} ({Via}) ({More} more like this before)")]
    public static partial void FlowFailed(ILogger logger, UdpAddress client, TargetAddress target, ResetReason reason, string via, int more);

    [LoggerMessage(2202, LogLevel.Warning, "UDP flow of {Client} refused: {Limit} is reached ({More} more since the last such message)")]
    public static partial void FlowRefused(ILogger logger, string client, string limit, int more);

    [LoggerMessage(2203, LogLevel.Information, "UDP flow of {From} {Caller}: {Bytes} bytes are too much for one datagram to {To}; dropped, as all such datagrams of this flow")]
    public static partial void DatagramTooLarge(ILogger logger, string from, TargetAddress? caller, int bytes, UdpAddress to);

    [LoggerMessage(2204, LogLevel.Information, "Caller {From} {Caller} may not send UDP to {Target}: {Why}. This entry of Allow would let it: {Entry} ({More} more like this before)")]
    public static partial void DatagramNotAllowed(
        ILogger logger, string from, TargetAddress? caller, TargetAddress target, string why, string entry, int more);

    [LoggerMessage(2205, LogLevel.Information, "UDP from {From} {Caller} to {Target}: {Reason} ({More} more like this before)")]
    public static partial void DatagramUndeliverable(ILogger logger, string from, TargetAddress? caller, TargetAddress target, ResetReason reason, int more);

    [LoggerMessage(2206, LogLevel.Warning, "No UDP port to be had for a flow: {Error}. Raise the limit of open files or the range of ephemeral ports ({More} more like this before)")]
    public static partial void NoReplyPort(ILogger logger, string error, int more);

    [LoggerMessage(2207, LogLevel.Warning, "Peer {Peer}, stream {Stream}: {Bytes} bytes are too much for one datagram to this peer, which takes {Most}; dropped, as all such datagrams of this flow")]
    public static partial void DatagramOverFrame(ILogger logger, string peer, uint stream, int bytes, int most);
}
