using System.Runtime.InteropServices;

namespace IgsNetty.Transport.Tls.OpenSsl;

/// <summary>What OpenSSL says went wrong, on this thread, since its list was cleared.</summary>
internal static unsafe class OpenSslErrors
{
    private const int Most = 8;

    public static TlsException Take(string what)
    {
        List<string> reasons = [];
        for (int i = 0; i < Most && LibCrypto.NextError() is var error && error != 0; i++)
        {
            string reason = Marshal.PtrToStringUTF8((nint)LibCrypto.ErrorText(error)) ?? $"error {error:x}";
            if (!reasons.Contains(reason))
            {
                reasons.Add(reason);
            }
        }

        LibCrypto.ClearErrors();
        return new TlsException($"{what}: {(reasons.Count == 0 ? "OpenSSL does not say why" : string.Join(", ", reasons))}");
    }
}
