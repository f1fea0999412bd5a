using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
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
    internal const int MostBytes = 1024 * 1024;

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
        X509Certificate2? own = shown is null || _keyPem is null ? null : WithKey(shown, _keyPem);
        if (own is not null)
        {
            CheckName(own);
            CheckUse(own);
        }

        if (_errors.Count > 0)
        {
            return null;
        }

        TlsCredentials credentials = new() { Certificate = own!, Chain = [.. shown!], AllowsTls12 = _files.AllowsTls12 };
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
        string fault = CertificatePem.Read(pem, out X509Certificate2Collection certificates);
        if (fault.Length == 0)
        {
            return certificates;
        }

        Error(key, fault);
        return null;
    }

    /// <summary>Takes the gateway's own out of <paramref name="shown"/>; those above it stay.</summary>
    private X509Certificate2? WithKey(X509Certificate2Collection shown, byte[] pem)
    {
        // A kind that .NET does not know would otherwise look like a wrong key.
        if (shown.All(certificate => !KeyKind.IsGood(certificate)))
        {
            Error(CertificateKey, $"has a key of the kind {KeyKind.Name(shown[0])}, which links cannot use; what works is {KeyKind.Good}");
            return null;
        }

        string fault = KeyPem.Join(shown, pem, out X509Certificate2? own, out int index);
        if (own is null)
        {
            Error(KeyKey, fault);
            return null;
        }

        shown.RemoveAt(index);
        if (!KeyKind.IsGood(own))
        {
            Error(CertificateKey, $"has a key of the kind {KeyKind.Name(own)}, which links cannot use; what works is {KeyKind.Good}");
        }

        return own;
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
