using System.Security.Cryptography.X509Certificates;

namespace IgsNetty.Gateway.Certificates;

/// <summary>When an operator should hear that a certificate ends.</summary>
internal static class LinkExpiry
{
    private static readonly TimeSpan Early = TimeSpan.FromDays(30);

    /// <summary>Null while the certificate is good for longer than 30 days, or than a third of its life where that is less.</summary>
    public static string? Warning(X509Certificate2 certificate, DateTimeOffset now)
    {
        DateTimeOffset begin = certificate.NotBefore;
        DateTimeOffset end = certificate.NotAfter;
        TimeSpan early = TimeSpan.FromTicks(Math.Min(Early.Ticks, (end - begin).Ticks / 3));
        if (now < begin)
        {
            return FormattableString.Invariant($"is not valid before {begin.UtcDateTime:u}; until then no peer makes a link: look at this machine's clock");
        }

        return now > end ? FormattableString.Invariant($"has expired on {end.UtcDateTime:u}: no new link is made; issue a new one, under the same file name")
            : end - now < early ? FormattableString.Invariant($"ends on {end.UtcDateTime:u}, in {(int)(end - now).TotalDays} days; issue a new one, under the same file name")
            : null;
    }
}
