using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IgsNetty.Transport.Tls.OpenSsl;

/// <summary>Engines of the system's OpenSSL 3, on Linux.</summary>
internal sealed unsafe class OpenSslEngines : ITlsEngines
{
    private const uint LeastVersion = 0x30000000;
    private const string Suites13 = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
    private const string Suites12 =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:"
        + "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-CHACHA20-POLY1305";

    private static readonly Lazy<bool> Loaded = new(Load);

    private readonly ContextHandle _context;

    /// <exception cref="TlsException">OpenSSL does not take the credentials.</exception>
    public OpenSslEngines(TlsCredentials credentials)
    {
        LibCrypto.ClearErrors();
        _context = new ContextHandle(LibSsl.NewContext(LibSsl.Method()));
        nint context = _context.DangerousGetHandle();
        Check(context != 0, "no context");
        Check(
            LibSsl.Control(context, LibSsl.ControlLeastVersion, credentials.AllowsTls12 ? LibSsl.Tls12 : LibSsl.Tls13, 0) == 1,
            "the least version is not taken");
        LibSsl.SetOptions(context, LibSsl.NoTicket | LibSsl.NoCompression | LibSsl.ServerPreference | LibSsl.NoRenegotiation);
        LibSsl.Control(context, LibSsl.ControlMode, LibSsl.ModeMovingWrite, 0);

        // Every link is proven in full: nothing is remembered of an earlier one.
        LibSsl.Control(context, LibSsl.ControlSessionCache, 0, 0);
        Check(LibSsl.SetTickets(context, 0) == 1, "tickets cannot be switched off");
        Check(LibSsl.SetSuites13(context, Suites13) == 1 && LibSsl.SetSuites12(context, Suites12) == 1, "the cipher suites are not taken");

        // Asks the peer for its certificate and takes any: who uses the engine judges it.
        LibSsl.SetVerify(context, LibSsl.VerifyPeer, 0);
        LibSsl.SetVerifyCallback(context, &TakeAny, 0);
        UseCertificates(context, credentials);
        UseKey(context, credentials.Certificate);
    }

    /// <summary>Whether this machine has an OpenSSL that these can be made of.</summary>
    public static bool IsSupported => Loaded.Value;

    /// <inheritdoc/>
    public string Name => Marshal.PtrToStringUTF8((nint)LibCrypto.Version(0)) ?? "OpenSSL";

    /// <inheritdoc/>
    public ITlsEngine Create(bool dialled, ITlsOutput output) => new OpenSslEngine(_context, dialled, output);

    private static bool Load() =>
        OperatingSystem.IsLinux()
        && NativeLibrary.TryLoad(LibCrypto.Library, out _)
        && NativeLibrary.TryLoad(LibSsl.Library, out _)
        && LibCrypto.VersionNumber() >= LeastVersion;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int TakeAny(nint store, nint argument) => 1;

    private static void UseCertificates(nint context, TlsCredentials credentials)
    {
        byte[] own = credentials.Certificate.RawData;
        fixed (byte* first = own)
        {
            Check(LibSsl.UseCertificate(context, own.Length, first) == 1, "the certificate is not taken");
        }

        foreach (X509Certificate2 above in credentials.Chain)
        {
            byte[] der = above.RawData;
            fixed (byte* first = der)
            {
                byte* next = first;
                nint certificate = LibCrypto.ReadCertificate(0, &next, der.Length);
                Check(certificate != 0, "a certificate of the chain is not taken");
                nint taken = LibSsl.Control(context, LibSsl.ControlChainCertificate, 1, certificate);
                LibCrypto.FreeCertificate(certificate);
                Check(taken == 1, "a certificate of the chain is not taken");
            }
        }
    }

    private static void UseKey(nint context, X509Certificate2 certificate)
    {
        byte[] der = Export(certificate);
        try
        {
            fixed (byte* first = der)
            {
                byte* next = first;
                nint key = LibCrypto.ReadKey(0, &next, der.Length);
                Check(key != 0, "the private key is not taken");
                int taken = LibSsl.UseKey(context, key);
                LibCrypto.FreeKey(key);
                Check(taken == 1 && LibSsl.CheckKey(context) == 1, "the private key is not taken");
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(der);
        }
    }

    private static byte[] Export(X509Certificate2 certificate)
    {
        using ECDsa? ec = certificate.GetECDsaPrivateKey();
        using RSA? rsa = ec is null ? certificate.GetRSAPrivateKey() : null;
        AsymmetricAlgorithm? key = ec is null ? rsa : ec;
        try
        {
            return key?.ExportPkcs8PrivateKey() ?? throw new TlsException("the private key is neither EC nor RSA");
        }
        catch (CryptographicException e)
        {
            throw new TlsException($"the private key cannot be handed to OpenSSL: {e.Message}", e);
        }
    }

    private static void Check(bool isGood, string what)
    {
        if (!isGood)
        {
            throw OpenSslErrors.Take(what);
        }
    }
}
