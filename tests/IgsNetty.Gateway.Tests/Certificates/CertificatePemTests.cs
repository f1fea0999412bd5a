using System.Security.Cryptography.X509Certificates;
using System.Text;
using IgsNetty.Gateway.Certificates;
using IgsNetty.TestKit.Tls;
using Xunit;

namespace IgsNetty.Gateway.Tests.Certificates;

/// <summary>Certificates in PEM, as people have them: all of a file is read, or the line that stops it is told.</summary>
public sealed class CertificatePemTests : IDisposable
{
    private static readonly TestAuthority First = new();
    private static readonly TestAuthority Second = new();
    private static readonly string One = First.Certificate.ExportCertificatePem() + "\n";
    private static readonly string Two = Second.Certificate.ExportCertificatePem() + "\n";

    private X509Certificate2Collection _certificates = [];

    public static TheoryData<string, string> Good => new()
    {
        { "one after the other", One + Two },
        { "joined without a newline", One.TrimEnd() + Two.TrimEnd() },
        { "in one line each", Flat(One) + "\n" + Flat(Two) },
        { "newlines of Windows", (One + Two).ReplaceLineEndings("\r\n") },
        { "a byte order mark", "\ufeff" + One + Two },
        { "a byte order mark between", One + "\ufeff" + Two },
        { "indented", "  " + One.ReplaceLineEndings("\n  ") + Two },
        { "spaces at the ends of lines", (One + Two).ReplaceLineEndings(" \n") },
        { "openssl pkcs12", $"Bag Attributes\n    localKeyID: 1A 2B\nsubject=CN = one\n\nissuer=CN = one\n\n{One}Bag Attributes: <No Attributes>\n{Two}" },
        { "openssl x509 -text", $"Certificate:\n    Data:\n        Version: 3 (0x2)\n{One}Certificate:\n    Data:\n{Two}" },
        { "comments", $"# the first\n{One}# the second\n{Two}# end\n" },
        { "the old label", (One + Two).Replace(" CERTIFICATE-", " X509 CERTIFICATE-", StringComparison.Ordinal) },
        { "a key between", $"{One}-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n{Two}" },
        { "a request between", $"{One}-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n{Two}" },
    };

    public static TheoryData<string, string, int, string> Bad => new()
    {
        { "no end", One + Two[..(Two.Length / 2)], Lines(One) + 1, "no line -----END CERTIFICATE-----" },
        { "no end of the first", One[..(One.Length / 2)] + "\n" + Two, 1, "no line -----END CERTIFICATE-----" },
        { "a letter that is not base64", One + Two.Replace("MII", "MI*", StringComparison.Ordinal).Replace("\nMI", "\n*I", StringComparison.Ordinal), Lines(One) + 1, "not base64" },
        { "four dashes", One + Two[1..], Lines(One) + 1, "BEGIN line is damaged" },
        { "four dashes behind", One + Two.Replace("BEGIN CERTIFICATE-----", "BEGIN CERTIFICATE----", StringComparison.Ordinal), Lines(One) + 1, "BEGIN line is damaged" },
        { "small letters", One + Two.Replace("BEGIN CERTIFICATE", "Begin Certificate", StringComparison.Ordinal), Lines(One) + 1, "BEGIN line is damaged" },
        { "dashes of a word processor", One + Two.Replace("-----BEGIN", "——BEGIN", StringComparison.Ordinal), Lines(One) + 1, "BEGIN line is damaged" },
        { "spaces beside the label", One + Two.Replace("-----BEGIN CERTIFICATE-----", "----- BEGIN CERTIFICATE -----", StringComparison.Ordinal), Lines(One) + 1, "BEGIN line is damaged" },
        { "no certificate in it", $"{One}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", Lines(One) + 1, "cannot be read" },
        { "two in one block", $"{One}-----BEGIN CERTIFICATE-----\n{Both()}\n-----END CERTIFICATE-----\n", Lines(One) + 1, "something else stands in it" },
        { "a trusted one", One + Two.Replace(" CERTIFICATE-", " TRUSTED CERTIFICATE-", StringComparison.Ordinal), Lines(One) + 1, "openssl x509 -in FILE -out FILE" },
        { "PKCS 7", $"{One}-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----\n", Lines(One) + 1, "openssl pkcs7 -print_certs" },
        { "revoked ones", $"{One}-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n", Lines(One) + 1, "lists of revoked certificates are not read" },
        { "a kind of which nothing is known", $"{One}-----BEGIN ATTRIBUTE CERTIFICATE-----\nAAAA\n-----END ATTRIBUTE CERTIFICATE-----\n", Lines(One) + 1, "it must be a CERTIFICATE" },
    };

    public void Dispose()
    {
        foreach (X509Certificate2 certificate in _certificates)
        {
            certificate.Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void Both_certificates_are_read(string form, string file)
    {
        _ = form;
        BothAreRead(Encoding.UTF8.GetBytes(file));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Both_certificates_are_read_in_utf16(bool bigEndian)
    {
        UnicodeEncoding encoding = new(bigEndian, byteOrderMark: true);
        BothAreRead([.. encoding.GetPreamble(), .. encoding.GetBytes(One + Two)]);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_cannot_be_read_is_told_with_its_line(string form, string file, int line, string why)
    {
        string fault = CertificatePem.Read(Encoding.UTF8.GetBytes(file), out _certificates);

        Assert.StartsWith($"line {line} of the file: ", fault, StringComparison.Ordinal);
        Assert.True(fault.Contains(why, StringComparison.Ordinal), $"{form}: {fault}");
    }

    [Fact]
    public void A_binary_file_is_told_how_to_become_PEM() =>
        Assert.Contains("it is binary", CertificatePem.Read(First.Certificate.RawData, out _certificates), StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("nothing")]
    public void A_file_without_any_is_told(string file) =>
        Assert.Contains("has no certificate in it", CertificatePem.Read(Encoding.UTF8.GetBytes(file), out _certificates), StringComparison.Ordinal);

    private static int Lines(string text) => text.Count(c => c == '\n');

    private static string Flat(string pem) => pem.ReplaceLineEndings("");

    private static string Both() => Convert.ToBase64String([.. First.Certificate.RawData, .. Second.Certificate.RawData]);

    private void BothAreRead(byte[] file)
    {
        Assert.Equal("", CertificatePem.Read(file, out _certificates));
        Assert.Equal([First.Certificate.Thumbprint, Second.Certificate.Thumbprint], _certificates.Select(certificate => certificate.Thumbprint));
    }
}
