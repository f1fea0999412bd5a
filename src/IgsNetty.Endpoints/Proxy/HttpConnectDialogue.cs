using System.Globalization;
using System.Text;
using IgsNetty.Protocol.Values;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>HTTP CONNECT (RFC 9110 §9.3.6), with Basic authentication when there are users.</summary>
internal sealed class HttpConnectDialogue(ProxyUsers users) : IProxyDialogue
{
    /// <summary>Request line and headers together; more is refused.</summary>
    public const int MaxHeaderBytes = 16 * 1024;

    private const string BasicPrefix = "Basic ";
    private const string AuthorizationHeader = "Proxy-Authorization:";

    private ProxyStep _afterLogin;

    public ProxyStep Next(ReadOnlySpan<byte> input)
    {
        int end = input.IndexOf("\r\n\r\n"u8);
        if (end > MaxHeaderBytes || (end < 0 && input.Length > MaxHeaderBytes + 3)) // all but the last byte of the empty line
        {
            return Refuse(431, "Request Header Fields Too Large", $"its header is longer than {MaxHeaderBytes} bytes");
        }

        if (end < 0)
        {
            return ProxyStep.NeedMore;
        }

        string[] lines = Encoding.Latin1.GetString(input[..end]).Split("\r\n");
        string[] request = lines[0].Split(' ');
        if (request.Length != 3 || !request[2].StartsWith("HTTP/1.", StringComparison.Ordinal))
        {
            return Refuse(400, "Bad Request", "its request line is not 'CONNECT host:port HTTP/1.1'");
        }

        if (request[0] != "CONNECT")
        {
            return Refuse(405, "Method Not Allowed", "this is a CONNECT and SOCKS5 proxy; it takes no other method", "Allow: CONNECT\r\n");
        }

        Login? login = null;
        if (users.AreRequired && !TryReadLogin(lines, out login))
        {
            return AskForLogin();
        }

        _afterLogin = TargetAddress.TryParse(request[1], out TargetAddress target, out string error)
            ? ProxyStep.Open(end + 4, target, login?.Name)
            : Refuse(400, "Bad Request", $"bad target: {error}");
        return login is null ? _afterLogin : ProxyStep.Check(0, login);
    }

    public ProxyStep OnLogin(bool isRight) => isRight ? _afterLogin : AskForLogin();

    public byte[] Success(TargetAddress? bound) => "HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray();

    public byte[] Failure(ResetReason reason) => reason switch
    {
        ResetReason.NotAllowed => Response(403, "Forbidden", "the gateway does not allow this target"),
        ResetReason.NoRoute or ResetReason.LinkLost or ResetReason.LimitExceeded or ResetReason.OutOfMemory or ResetReason.Shutdown =>
            Response(503, "Service Unavailable", $"the gateway cannot take the call now: {reason}"),
        ResetReason.ConnectTimeout => Response(504, "Gateway Timeout", "the target does not answer"),
        _ => Response(502, "Bad Gateway", $"the target cannot be reached: {reason}"),
    };

    private static ProxyStep Refuse(int status, string phrase, string why, string header = "") =>
        ProxyStep.Refuse(Response(status, phrase, why, header), why);

    private static byte[] Response(int status, string phrase, string why, string header = "")
    {
        string body = why + "\n";
        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status} {phrase}\r\n{header}Content-Type: text/plain\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
    }

    private static ProxyStep AskForLogin() => Refuse(
        407, "Proxy Authentication Required", "wrong user or password, or none", "Proxy-Authenticate: Basic realm=\"igsnetty\"\r\n");

    private static bool TryReadLogin(string[] lines, out Login? login)
    {
        login = null;
        string? header = lines.Skip(1).FirstOrDefault(line => line.StartsWith(AuthorizationHeader, StringComparison.OrdinalIgnoreCase));
        string credentials = header is null ? "" : header[AuthorizationHeader.Length..].Trim();
        if (!credentials.StartsWith(BasicPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        byte[] decoded = new byte[credentials.Length];
        if (!Convert.TryFromBase64String(credentials[BasicPrefix.Length..].Trim(), decoded, out int size))
        {
            return false;
        }

        ReadOnlySpan<byte> pair = decoded.AsSpan(0, size);
        int colon = pair.IndexOf((byte)':');
        if (colon < 0)
        {
            return false;
        }

        login = new Login(Encoding.UTF8.GetString(pair[..colon]), pair[(colon + 1)..].ToArray());
        return true;
    }
}
