using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IgsNetty.Gateway.Configuration;
using IgsNetty.Gateway.Configuration.Sources;
using IgsNetty.Relay.Security;
using IgsNetty.Transport.Tls;

namespace IgsNetty.Gateway.Certificates;

/// <summary>
/// Reads the files of mode tls and checks them whole: a result is a working identity. What is wrong is told by key; the key file's
/// name and content are in no message.
/// </summary>
internal sealed class IdentityLoader
{
    private const string CertificateKey = "Certificate";
    private const string KeyKey = "Key";
    private const string AuthorityKey = "Authority";
    private const string EngineKey = "Engine";
    private const int MostBytes = 1024 * 1024;

    private readonly List<ConfigurationError> _errors = [];
    private readonly byte[]? _certificatePem;
    private readonly byte[]? _keyPem;
    private readonly byte[]? _authorityPem;
    private readonly CertificateFiles _files;

    /// <summary>Reads the files.</summary>
    public IdentityLoader(CertificateFiles files)
    {
        _files = files;
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _certificatePem = Read(CertificateKey, files.Certificate, "this gateway's certificate (PEM)", hash);
        _keyPem = Read(KeyKey, files.Key, "its private key (PEM)", hash);
        _authorityPem = files.Authority is null ? null : Read(AuthorityKey, files.Authority, "the authority's certificate (PEM)", hash);
        Content = Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>What is wrong, each with a key of <c>Links:Security</c>.</summary>
    public IReadOnlyList<ConfigurationError> Errors => _errors;

    /// <summary>Stands for the content of the files, to see when it changes; also when they are no good.</summary>
    public string Content { get; }

    /// <returns>Null when there are errors.</returns>
    public LinkIdentity? Load()
    {
        X509Certificate2Collection? shown = _certificatePem is null ? null : Certificates(CertificateKey, _certificatePem);
        X509Certificate2Collection? authority = _authorityPem is null ? null : Certificates(AuthorityKey, _authorityPem);
        X509Certificate2? own = shown is null || _keyPem is null ? null : WithKey(shown[0], _keyPem);
        if (own is not null)
        {
            CheckName(own);
            CheckUse(own);
        }

        if (_errors.Count > 0)
        {
            return null;
        }

        TlsCredentials credentials = new() { Certificate = own!, Chain = [.. shown!.Skip(1)], AllowsTls12 = _files.AllowsTls12 };
        try
        {
            return new LinkIdentity(TlsEngines.Create(credentials, _files.Engine), own!, new LinkTrust(authority, _files.Fingerprints));
        }
        catch (TlsException e)
        {
            Error(EngineKey, $"{e.Message}; use auto");
            return null;
        }
    }

    private byte[]? Read(string key, string path, string what, IncrementalHash hash)
    {
        if (BoundedFile.TryRead(path, MostBytes, out byte[] content, out string error))
        {
            hash.AppendData(SHA256.HashData(content));
            return content;
        }

        hash.AppendData([0]);
        Error(key, $"must name a file with {what}, but {error}");
        return null;
    }

    private X509Certificate2Collection? Certificates(string key, byte[] pem)
    {
        X509Certificate2Collection certificates = [];
        try
        {
            certificates.ImportFromPem(Encoding.UTF8.GetString(pem));
        }
        catch (CryptographicException e)
        {
            Error(key, $"the file has a certificate that cannot be read: {e.Message}");
            return null;
        }

        if (certificates.Count == 0)
        {
            Error(key, "the file has no certificate in it: it must be PEM (-----BEGIN CERTIFICATE-----)");
            return null;
        }

        return certificates;
    }

    private X509Certificate2? WithKey(X509Certificate2 certificate, byte[] pem)
    {
        try
        {
            using X509Certificate2 joined = X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), Encoding.UTF8.GetString(pem));

            // Not every system's TLS takes a key that was never in a store or a container.
            return X509CertificateLoader.LoadPkcs12(joined.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            Error(KeyKey, "is not the private key of Links:Security:Certificate, or not PEM without a password (-----BEGIN PRIVATE KEY-----)");
            return null;
        }
    }

    private void CheckName(X509Certificate2 own)
    {
        IReadOnlyList<string> names = LinkTrust.NamesIn(own);
        if (!names.Contains(_files.Name))
        {
            string has = names.Count == 0 ? "names no gateway" : $"is for {string.Join(", ", names)}";
            Error(
                CertificateKey,
                $"{has}: among its DNS names (subjectAltName) must be this gateway's name, {_files.Name}; set Gateway:Name, or "
                + $"issue another one (igsnetty cert issue {_files.Name})");
        }
    }

    private void CheckUse(X509Certificate2 own)
    {
        if (_files.Listens && !LinkTrust.IsForUse(own, dialling: false))
        {
            Error(CertificateKey, "is not for listening: its extended key usage lacks serverAuth, or its key usage digitalSignature");
        }

        if (_files.Dials && !LinkTrust.IsForUse(own, dialling: true))
        {
            Error(CertificateKey, "is not for dialling: its extended key usage lacks clientAuth, or its key usage digitalSignature");
        }
    }

    private void Error(string key, string message) => _errors.Add(new ConfigurationError(key, message));
}
