using System.Security.Cryptography.X509Certificates;
using IgsNetty.Gateway.Certificates;
using IgsNetty.Gateway.Configuration.Sources;
using IgsNetty.Relay.Security;

namespace IgsNetty.Gateway.Commands.Certificates;

/// <summary>Prints what the certificates of a file say.</summary>
internal static class CertificateShow
{
    public static void Run(string file, TextWriter output)
    {
        if (!File.Exists(file))
        {
            throw new CertException($"there is no {file}");
        }

        if (!BoundedFile.TryRead(file, IdentityLoader.MostBytes, out byte[] content, out string error))
        {
            throw new CertException($"{file}: {error}");
        }

        string fault = CertificatePem.Read(content, out X509Certificate2Collection certificates);
        if (fault.Length > 0)
        {
            throw new CertException($"{file}: {fault}");
        }

        foreach (X509Certificate2 certificate in certificates)
        {
            Show(certificate, output);
        }
    }

    private static void Show(X509Certificate2 certificate, TextWriter output)
    {
        bool isAuthority = certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority);
        IReadOnlyList<string> names = LinkTrust.NamesIn(certificate);
        string uses = string.Join(", ", ((string?[])[
            isAuthority ? "signing certificates" : null,
            LinkTrust.IsForUse(certificate, dialling: false) ? "listening" : null,
            LinkTrust.IsForUse(certificate, dialling: true) ? "dialling" : null]).OfType<string>());
        output.WriteLine($"subject      {certificate.Subject}");
        output.WriteLine($"gateway      {(names.Count == 0 ? "none" : string.Join(", ", names))}");
        output.WriteLine($"issuer       {certificate.Issuer}");
        output.WriteLine(FormattableString.Invariant(
            $"validity     {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u}"));
        output.WriteLine($"use          {uses}");
        output.WriteLine($"key          {KeyKind.Name(certificate)}{(isAuthority || KeyKind.IsGood(certificate) ? "" : $", which links cannot use: {KeyKind.Good} works")}");
        output.WriteLine($"fingerprint  {LinkTrust.Fingerprint(certificate.RawDataMemory.Span)}");
        if (LinkExpiry.Warning(certificate, DateTimeOffset.UtcNow) is { } warning)
        {
            output.WriteLine($"warning      {warning}");
        }
    }
}
