using System.Net;
using System.Runtime.InteropServices;
using IgsNetty.Endpoints.Names;
using IgsNetty.Gateway.Configuration;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Gateway;

/// <summary>Log messages of this project: ids 1000-1999.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(1001, LogLevel.Information, "Starting: {Configuration}; transport {Transport} ({Why}), {Loops} event loops")]
    public static partial void Starting(ILogger logger, GatewayConfiguration configuration, string transport, string why, int loops);

    [LoggerMessage(1002, LogLevel.Warning, "Configuration: {Warning}")]
    public static partial void ConfigurationWarning(ILogger logger, string warning);

    [LoggerMessage(1003, LogLevel.Information, "{Signal}: stopping; live calls are reset")]
    public static partial void Stopping(ILogger logger, PosixSignal signal);

    [LoggerMessage(1013, LogLevel.Information, "Host names are resolved by {Resolver} ({Why})")]
    public static partial void Resolving(ILogger logger, ResolverKind resolver, string why);

    [LoggerMessage(1005, LogLevel.Warning, "Not all links had said goodbye after {Seconds} s; they are cut")]
    public static partial void GoodbyeTimedOut(ILogger logger, double seconds);

    [LoggerMessage(1006, LogLevel.Error, "Stopping took longer than {Seconds} s; the process ends as it is")]
    public static partial void StopTimedOut(ILogger logger, double seconds);

    /// <summary>Of the notice that the log itself makes.</summary>
    public const int LinesDroppedId = 1007;

    [LoggerMessage(1008, LogLevel.Warning, "The ready line was not written: {Reason}. The gateway serves all the same: {Ready}")]
    public static partial void ReadyNotWritten(ILogger logger, string reason, string ready);

    [LoggerMessage(1009, LogLevel.Warning, "{Signal} again: the process ends at once; peers may not have heard the goodbye")]
    public static partial void EndingAtOnce(ILogger logger, PosixSignal signal);

    [LoggerMessage(1010, LogLevel.Warning, "{Signal}: this signal has no meaning for a gateway; nothing is changed")]
    public static partial void SignalIgnored(ILogger logger, string signal);

    [LoggerMessage(1011, LogLevel.Information, "Memory for slow readers: {MiB} MiB (Limits:MemoryMiB); this process may use {Available} MiB")]
    public static partial void MemoryInUse(ILogger logger, int miB, int available);

    [LoggerMessage(1012, LogLevel.Warning, "{Key}: this system has no IPv6, so all addresses are those of IPv4: {Address}")]
    public static partial void NoIPv6(ILogger logger, string key, IPEndPoint address);

    [LoggerMessage(1101, LogLevel.Information, "Certificate of this gateway: {Certificate} (TLS by {Engine})")]
    public static partial void CertificateInUse(ILogger logger, string certificate, string engine);

    [LoggerMessage(1102, LogLevel.Error, "The certificate files have changed and are not taken into use; what was good stays: Links:Security:{Error}")]
    public static partial void CertificatesRefused(ILogger logger, ConfigurationError error);

    [LoggerMessage(1103, LogLevel.Warning, "Certificate of this gateway {Warning}")]
    public static partial void CertificateEnds(ILogger logger, string warning);

    [LoggerMessage(1104, LogLevel.Error, "Certificate of this gateway {Warning}")]
    public static partial void CertificateExpired(ILogger logger, string warning);

    [LoggerMessage(1105, LogLevel.Error, "Looking at the certificate files failed; it is tried again")]
    public static partial void CertificatesBroken(ILogger logger, Exception cause);

    [LoggerMessage(1004, LogLevel.Warning, "SIGHUP: this version cannot reload its configuration; nothing is changed")]
    public static partial void NoReload(ILogger logger);
}
