using IgsNetty.Gateway.Configuration;
using IgsNetty.Relay.Security;
using IgsNetty.Transport.Tls;
using Microsoft.Extensions.Logging;

namespace IgsNetty.Gateway.Certificates;

/// <summary>
/// Looks at the files of mode tls again and again, and takes what is new in them into use for the links that are made from then on;
/// what is no good is told, and what was good stays. Warns of the certificate's end.
/// </summary>
internal sealed class CertificateWatch : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WarningPeriod = TimeSpan.FromDays(1);

    private readonly CertificateFiles _files;
    private readonly LinkTls _links;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private string _content;
    private DateTimeOffset _nextWarning;

    public CertificateWatch(CertificateFiles files, LinkTls links, ILogger logger, TimeProvider time)
    {
        _files = files;
        _links = links;
        _logger = logger;
        _time = time;

        _content = files.Content;
        GatewayLog.CertificateInUse(logger, Describe(links.Current), links.Current.Engines.Name);
        WarmUp(links.Current);
        WarnOfEnd();
        _timer = time.CreateTimer(static watch => ((CertificateWatch)watch!).Look(), this, Period, Period);
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Looks now. One at a time: a timer that is late must not overtake itself.</summary>
    internal void Look()
    {
        if (Monitor.TryEnter(_timer))
        {
            try
            {
                Reload();
                WarnOfEnd();
            }
            catch (Exception e)
            {
                GatewayLog.CertificatesBroken(_logger, e);
            }
            finally
            {
                Monitor.Exit(_timer);
            }
        }
    }

    private void Reload()
    {
        IdentityLoader loader = new(_files);
        if (loader.Content == _content)
        {
            return;
        }

        _content = loader.Content;
        if (loader.Load() is not { } identity)
        {
            foreach (ConfigurationError error in loader.Errors)
            {
                GatewayLog.CertificatesRefused(_logger, error);
            }

            return;
        }

        _links.Current = identity;
        _nextWarning = default;
        GatewayLog.CertificateInUse(_logger, Describe(identity), identity.Engines.Name);
    }

    // The first certificate that a process judges takes long, and would hold up a loop: let it be the gateway's own.
    private void WarmUp(LinkIdentity identity) =>
        _ = identity.Trust.Judge(new TlsSession("", "", [identity.Certificate.RawData]), peerDialled: true, _time.GetUtcNow());

    private void WarnOfEnd()
    {
        DateTimeOffset now = _time.GetUtcNow();
        if (now < _nextWarning || LinkExpiry.Warning(_links.Current.Certificate, now) is not { } warning)
        {
            return;
        }

        _nextWarning = now + WarningPeriod;
        if (now > _links.Current.Certificate.NotAfter)
        {
            GatewayLog.CertificateExpired(_logger, warning);
        }
        else
        {
            GatewayLog.CertificateEnds(_logger, warning);
        }
    }

    private static string Describe(LinkIdentity identity) => FormattableString.Invariant(
        $"{identity.Certificate.Subject}, SHA-256 {LinkTrust.Fingerprint(identity.Certificate.RawDataMemory.Span)}, until {identity.Certificate.NotAfter.ToUniversalTime():u}");
}
