using System.Security.Cryptography;

namespace IgsNetty.Gateway.Commands.Certificates;

/// <summary><c>igsnetty cert</c>: an authority and certificates for gateways, and a look at any.</summary>
internal static class CertCommand
{
    private const string Help = """
        usage:
          igsnetty cert authority [--out FOLDER] [--days N] [--force]
          igsnetty cert issue NAME ... [--out FOLDER] [--authority FILE] [--authority-key FILE] [--days N] [--force]
          igsnetty cert show FILE

          authority  makes ca.pem and ca.key. Give ca.pem to every gateway; keep ca.key to yourself, and off the gateways.
          issue      makes NAME.pem and NAME.key for the gateway of that name, signed by the authority.
          show       prints what a certificate says: names, validity, SHA-256 fingerprint.

          --out FOLDER           where files are written (the current folder)
          --authority FILE       the authority's certificate (ca.pem in the --out folder)
          --authority-key FILE   its key (the same name with .key)
          --days N               validity: 1 to 36500 (authority 3650, issue 365)
          --force                replaces files that are there
        """;

    /// <param name="args">What follows <c>cert</c>.</param>
    /// <param name="output">For what was asked.</param>
    /// <param name="error">For what went wrong.</param>
    /// <returns>The exit code.</returns>
    public static int Run(ReadOnlySpan<string> args, TextWriter output, TextWriter error)
    {
        if (!CertArguments.TryRead(args, out CertArguments arguments, out string problem))
        {
            error.WriteLine($"igsnetty cert: {problem}");
            error.WriteLine(Help);
            return ExitCode.Usage;
        }

        try
        {
            switch (arguments.Verb)
            {
                case "authority":
                    CertificateAuthority.Create(arguments, output);
                    break;
                case "issue":
                    CertificateIssue.Run(arguments, output);
                    break;
                case "show":
                    CertificateShow.Run(arguments.Names[0], output);
                    break;
                default:
                    output.WriteLine(Help);
                    break;
            }

            return ExitCode.Success;
        }
        catch (CertException e)
        {
            error.WriteLine($"igsnetty cert {arguments.Verb}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            error.WriteLine($"igsnetty cert {arguments.Verb}: {e.Message}");
        }

        return ExitCode.Failure;
    }
}
