using System.Globalization;
using System.Text;
using IgsNetty.Protocol.Values;

namespace IgsNetty.Endpoints.Proxy;

/// <summary>HTTP CONNECT (RFC 9110 §9.3.6, RFC 9112), with Basic authentication when there are users.</summary>
internal sealed class HttpConnectDialogue(ProxyUsers users) : IProxyDialogue
{
    /// <summary>Request line and headers together; more is refused.</summary>
    public const int MaxHeaderBytes = 16 * 1024;

    private const int EmptyLineBytes = 4; // CR LF CR LF
    private const string Method = "CONNECT";
    private const string BasicPrefix = "Basic ";
    private const string AuthorizationHeader = "Proxy-Authorization:";

    private ProxyStep _afterLogin;
    private int _scanned; // bytes that were looked at
    private int _lineStart;
    private int _requestStart; // behind empty lines
    private bool _isHead;

    /// <summary>Whether a caller that begins with this byte speaks HTTP: a method, or an empty line before it.</summary>
    public static bool IsFirstByte(byte first) => char.IsAsciiLetter((char)first) || first is (byte)'\r' or (byte)'\n';

    public ProxyStep Next(ReadOnlySpan<byte> input)
    {
        // No further than a header may go: the answer must not depend on how much came at a time.
        int end = FindEnd(input[..Math.Min(input.Length, MaxHeaderBytes + EmptyLineBytes)], out bool hasBareLineFeed);
        ReadOnlySpan<byte> request = input[_requestStart..];
        _isHead = request.StartsWith("HEAD "u8);
        if (hasBareLineFeed)
        {
            return Refuse(400, "Bad Request", "a line of its header ends in LF without CR");
        }

        if (end < 0)
        {
            return input.Length < MaxHeaderBytes + EmptyLineBytes
                ? ProxyStep.NeedMore
                : Refuse(431, "Request Header Fields Too Large", $"its header is longer than {MaxHeaderBytes} bytes");
        }

        string[] lines = Encoding.Latin1.GetString(input[_requestStart..(end - EmptyLineBytes)]).Split("\r\n");
        if (lines.Any(line => line.Contains('\r', StringComparison.Ordinal)))
        {
            return Refuse(400, "Bad Request", "its header holds a CR without LF");
        }

        return Read(lines, end);
    }

    public ProxyStep OnLogin(bool isRight) => isRight ? _afterLogin : AskForLogin();

    public byte[]? Unfinished(bool isLate) => isLate
        ? Response(408, "Request Timeout", "the request was not complete in time")
        : Response(400, "Bad Request", "the request is not complete");

    public byte[] Success(TargetAddress? bound) => "HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray();

    public byte[] Failure(ResetReason reason) => reason switch
    {
        ResetReason.NotAllowed => Response(403, "Forbidden", "the gateway does not allow this target"),
        ResetReason.NoRoute or ResetReason.LinkLost or ResetReason.LimitExceeded or ResetReason.OutOfMemory or ResetReason.Shutdown =>
            Response(503, "Service Unavailable", $"the gateway cannot take the call now: {reason}"),
        ResetReason.ConnectTimeout => Response(504, "Gateway Timeout", "the target does not answer"),
        _ => Response(502, "Bad Gateway", $"the target cannot be reached: {reason}"),
    };

    // RFC 9112 §2.2: empty lines before the request are skipped, a line ends in CR LF.
    private int FindEnd(ReadOnlySpan<byte> input, out bool hasBareLineFeed)
    {
        hasBareLineFeed = false;
        for (int found; (found = input[_scanned..].IndexOf((byte)'\n')) >= 0;)
        {
            int at = _scanned + found;
            if (at == 0 || input[at - 1] != '\r')
            {
                hasBareLineFeed = true;
                return -1;
            }

            bool isEmpty = at - 1 == _lineStart;
            if (isEmpty && _lineStart > _requestStart)
            {
                return at + 1;
            }

            _scanned = _lineStart = at + 1;
            _requestStart = isEmpty ? _lineStart : _requestStart;
        }

        _scanned = input.Length;
        return -1;
    }

    private ProxyStep Read(string[] lines, int end)
    {
        string[] request = lines[0].Split(' ');
        if (request.Length != 3 || !request[2].StartsWith("HTTP/1.", StringComparison.Ordinal))
        {
            return Refuse(400, "Bad Request", "its request line is not 'CONNECT host:port HTTP/1.1'");
        }

        if (request[0] != Method)
        {
            return request[0].Equals(Method, StringComparison.OrdinalIgnoreCase)
                ? Refuse(400, "Bad Request", "its method is not written in capitals: CONNECT")
                : Refuse(405, "Method Not Allowed", "this is a CONNECT and SOCKS proxy; it takes no other method", "Allow: CONNECT\r\n");
        }

        Login? login = null;
        if (users.AreRequired && !TryReadLogin(lines, out login))
        {
            return AskForLogin();
        }

        _afterLogin = TargetAddress.TryParse(request[1], out TargetAddress target, out string error)
            ? ProxyStep.Open(end, target, login?.Name)
            : Refuse(400, "Bad Request", $"bad target: {error}");
        return login is null ? _afterLogin : ProxyStep.Check(0, login);
    }

    private ProxyStep Refuse(int status, string phrase, string why, string header = "") =>
        ProxyStep.Refuse(Response(status, phrase, why, header), why);

    // An answer to HEAD has no body (RFC 9110 §9.3.2).
    private byte[] Response(int status, string phrase, string why, string header = "")
    {
        string body = why + "\n";
        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status} {phrase}\r\n{header}Content-Type: text/plain\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{(_isHead ? "" : body)}"));
    }

    private ProxyStep AskForLogin() => Refuse(
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
